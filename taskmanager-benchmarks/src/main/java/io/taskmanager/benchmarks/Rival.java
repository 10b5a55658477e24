package io.taskmanager.benchmarks;

import io.github.resilience4j.bulkhead.ThreadPoolBulkhead;
import io.github.resilience4j.bulkhead.ThreadPoolBulkheadConfig;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/** Those who run tasks on a few threads, each as its users would. */
@SuppressWarnings({"FutureReturnValueIgnored", "ReturnValueIgnored"}) // the harness waits for the work itself
public enum Rival {
    TASK_MANAGER("taskmanager, async") {
        @Override
        Subject start(int workers, int room) {
            return new Managed(workers, room);
        }
    },
    TASK_MANAGER_CALLBACK("taskmanager, callback") {
        @Override
        Subject start(int workers, int room) {
            return new Managed(workers, room) {
                @Override
                public void submit(Job job) {
                    manager.queueTaskWithCallback((context, resource) -> job.work(), (value, error) -> job.done());
                }
            };
        }
    },
    TASK_MANAGER_SCALING("taskmanager, scaling on") {
        @Override
        Subject start(int workers, int room) {
            return new Managed(config(workers, room).build());
        }
    },
    TASK_MANAGER_PRIORITY("taskmanager, every tenth with priority") {
        @Override
        Subject start(int workers, int room) {
            return new Managed(workers, room) {
                private final AtomicLong count = new AtomicLong();

                @Override
                public void submit(Job job) {
                    if (count.incrementAndGet() % 10 == 0) {
                        manager.queueTaskWithPriorityAsync((context, resource) -> job.run());
                    } else {
                        manager.queueTaskAsync((context, resource) -> job.run());
                    }
                }
            };
        }
    },
    EXECUTOR("`ThreadPoolExecutor`, `execute`") {
        @Override
        Subject start(int workers, int room) {
            return new Pooled(fixed(workers, room));
        }
    },
    EXECUTOR_FUTURE("`ThreadPoolExecutor`, `CompletableFuture`") {
        @Override
        Subject start(int workers, int room) {
            return new Pooled(fixed(workers, room)) {
                @Override
                public void submit(Job job) {
                    CompletableFuture.supplyAsync(job::run, executor);
                }
            };
        }
    },
    EXECUTOR_METERED("`ThreadPoolExecutor` with equal metrics") {
        @Override
        Subject start(int workers, int room) {
            return new Pooled(new MeteredExecutor(workers, room));
        }
    },
    EXECUTOR_PRIORITY("`ThreadPoolExecutor`, `PriorityBlockingQueue`, every tenth with priority") {
        @Override
        Subject start(int workers, int room) {
            ThreadPoolExecutor executor =
                    new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(room));
            return new Pooled(executor) {
                private final AtomicLong count = new AtomicLong();

                @Override
                public void submit(Job job) {
                    long number = count.incrementAndGet();
                    executor.execute(new Ranked(number % 10 == 0 ? 0 : 1, number, job));
                }
            };
        }
    },
    FORK_JOIN("`ForkJoinPool`, async mode") {
        @Override
        Subject start(int workers, int room) {
            return new Pooled(new ForkJoinPool(workers, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true));
        }
    },
    SPRING("Spring `ThreadPoolTaskExecutor`") {
        @Override
        Subject start(int workers, int room) {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setCorePoolSize(workers);
            executor.setQueueCapacity(room);
            executor.initialize();
            return new Subject() {
                @Override
                public void submit(Job job) {
                    executor.submitCompletable(job::run);
                }

                @Override
                public long call(LongSupplier work) throws Exception {
                    return executor.submitCompletable(work::getAsLong).get();
                }

                @Override
                public void close() {
                    executor.shutdown();
                }
            };
        }
    },
    BULKHEAD("resilience4j `ThreadPoolBulkhead`") {
        @Override
        Subject start(int workers, int room) {
            ThreadPoolBulkhead bulkhead = ThreadPoolBulkhead.of(
                    "bulkhead",
                    ThreadPoolBulkheadConfig.custom()
                            .coreThreadPoolSize(workers)
                            .maxThreadPoolSize(workers)
                            .queueCapacity(room)
                            .build());
            return new Subject() {
                @Override
                public void submit(Job job) {
                    bulkhead.executeSupplier(job::run);
                }

                @Override
                public long call(LongSupplier work) throws Exception {
                    return bulkhead.executeSupplier(work::getAsLong)
                            .toCompletableFuture()
                            .get();
                }

                @Override
                public void close() throws Exception {
                    bulkhead.close();
                }
            };
        }
    },
    VIRTUAL("virtual threads and a `Semaphore`") {
        @Override
        Subject start(int workers, int room) throws Exception {
            ExecutorService executor = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
            Semaphore permits = new Semaphore(workers);
            return new Pooled(executor) {
                @Override
                public void submit(Job job) {
                    executor.submit(() -> permitted(job::run));
                }

                @Override
                public long call(LongSupplier work) throws Exception {
                    return executor.submit(() -> permitted(work)).get();
                }

                private long permitted(LongSupplier work) throws InterruptedException {
                    permits.acquire();
                    try {
                        return work.getAsLong();
                    } finally {
                        permits.release();
                    }
                }
            };
        }

        @Override
        boolean isHere() {
            return Runtime.version().feature() >= 21;
        }
    };

    private final String title;

    Rival(String title) {
        this.title = title;
    }

    /** How the tables name it, in markdown. */
    String title() {
        return title;
    }

    /** The same, where a caller waits for each task. */
    String callTitle() {
        return switch (this) {
            case TASK_MANAGER -> "taskmanager, blocking";
            case EXECUTOR -> "`ThreadPoolExecutor`, `submit().get()`";
            default -> title;
        };
    }

    /** Whether this JVM has it. */
    boolean isHere() {
        return true;
    }

    /**
     * Starts it.
     *
     * @param workers how many tasks it runs at a time
     * @param room how many may wait
     */
    abstract Subject start(int workers, int room) throws Exception;

    /** One that is measured. */
    interface Subject extends AutoCloseable {

        /** Has the job done by another thread, some time. */
        void submit(Job job);

        /** Has the work done, and waits for its result. */
        long call(LongSupplier work) throws Exception;
    }

    private static ThreadPoolExecutor fixed(int workers, int room) {
        return new ThreadPoolExecutor(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(room));
    }

    private static TaskManagerConfig.Builder<Object> config(int workers, int room) {
        return TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}))
                .workerCount(workers)
                .queueCapacity(room)
                .priorityQueueCapacity(room);
    }

    private static class Managed implements Subject {

        final TaskManager<Object, Object> manager;

        /** One with as many workers all the time. */
        Managed(int workers, int room) {
            this(config(workers, room)
                    .maxWorkerCount(workers)
                    .burstInterval(Duration.ZERO)
                    .build());
        }

        Managed(TaskManagerConfig<Object> config) {
            manager = TaskManagers.create(config);
        }

        @Override
        public void submit(Job job) {
            manager.queueTaskAsync((context, resource) -> job.run());
        }

        @Override
        public long call(LongSupplier work) throws InterruptedException {
            return manager.<Long>queueTask((context, resource) -> work.getAsLong());
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    private static class Pooled implements Subject {

        final ExecutorService executor;

        Pooled(ExecutorService executor) {
            this.executor = executor;
        }

        @Override
        public void submit(Job job) {
            executor.execute(job::run);
        }

        @Override
        public long call(LongSupplier work) throws Exception {
            return executor.submit(work::getAsLong).get();
        }

        @Override
        public void close() throws InterruptedException {
            executor.shutdown();
            if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(executor + " does not end");
            }
        }
    }

    /** In the order of rank, then of submission. */
    private record Ranked(int rank, long number, Job job) implements Runnable, Comparable<Ranked> {

        @Override
        public void run() {
            job.run();
        }

        @Override
        public int compareTo(Ranked other) {
            return rank != other.rank ? Integer.compare(rank, other.rank) : Long.compare(number, other.number);
        }
    }
}

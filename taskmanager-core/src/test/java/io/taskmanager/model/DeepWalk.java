package io.taskmanager.model;

import io.taskmanager.Backoff;
import io.taskmanager.Logger;
import io.taskmanager.ResourceFactory;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.model.Books.Totals;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A walk of great depth: empty tasks are queued in both lanes by several threads while the workers are held, and then the
 * manager ends, or most of them are cancelled. What takes time in the square of the depth takes for ever here.
 */
final class DeepWalk {

    private static final int SUBMITTERS = 4;
    private static final int WORKERS = 2;
    /** Of so many tasks one is not cancelled. */
    private static final int SPARED = 10;

    /** What becomes of the queued tasks. */
    enum End {
        STOP,
        CLOSE,
        KILL,
        /** In the order of submission, by several threads, and then a stop. */
        CANCEL,
        /** The same by hand. */
        COMPLETE
    }

    private final int depth;
    private final End end;
    private final Gate gate = new Gate();
    private final CompletableFuture<?>[] futures;
    private final AtomicInteger ran = new AtomicInteger();
    private final List<String> faults = new ArrayList<>();

    DeepWalk(int depth, End end) {
        this.depth = depth;
        this.end = end;
        this.futures = new CompletableFuture<?>[depth];
    }

    /** Takes the walk; says what is wrong, or nothing. */
    List<String> take() throws InterruptedException {
        TaskManagerConfig<Object> config = TaskManagerConfig.builder(ResourceFactory.of(Object::new, resource -> {}))
                .name("deep")
                .workerCount(WORKERS)
                .burstInterval(Duration.ZERO)
                .retryBackoff(Backoff.none())
                .queueCapacity(depth)
                .priorityQueueCapacity(depth)
                .stopTimeout(Await.BOUND)
                .logger(new QuietLogger())
                .build();
        TaskManager<Object, Object> manager = TaskManagers.create(config);
        for (int i = 0; i < WORKERS; i++) {
            manager.queueTaskAsync((context, resource) -> {
                gate.pass();
                return null;
            });
        }
        gate.awaitArrivals(WORKERS);
        inThreads(index -> futures[index] = submit(manager, index));
        Thread ender = new Thread(() -> end(manager), "deep-end");
        ender.setDaemon(true);
        ender.start();
        Await.until("the end by " + end, () -> manager.state() == TaskManagerState.TERMINATED && !ender.isAlive());
        check(manager);
        return faults;
    }

    private CompletableFuture<?> submit(TaskManager<Object, Object> manager, int index) {
        Task<Object, Object> task = (context, resource) -> ran.incrementAndGet();
        return index % 3 == 0 ? manager.queueTaskWithPriorityAsync(task) : manager.queueTaskAsync(task);
    }

    private void end(TaskManager<Object, Object> manager) {
        switch (end) {
            case STOP -> gate.open();
            case CLOSE -> gate.open();
            case KILL -> {}
            case CANCEL -> cancelMost(index -> futures[index].cancel(true));
            case COMPLETE -> cancelMost(index -> futures[index].complete(null));
        }
        switch (end) {
            case CLOSE -> manager.close();
            case KILL -> manager.kill();
            default -> manager.stop();
        }
        gate.open();
    }

    private void cancelMost(IntAction cancel) {
        inThreads(index -> {
            if (index % SPARED != 0) {
                cancel.run(index);
            }
        });
        gate.open();
    }

    private void check(TaskManager<Object, Object> manager) {
        Totals totals = Totals.of(manager.metrics());
        boolean kills = end == End.KILL;
        int spared = (depth + SPARED - 1) / SPARED;
        int toRun = kills ? 0 : end == End.CANCEL || end == End.COMPLETE ? spared : depth;
        expect("that ran", toRun, ran.get());
        expect("arrived", depth + WORKERS, totals.arrived());
        expect("ended", depth + WORKERS, totals.ended());
        expect("completed", kills ? 0 : toRun + WORKERS, totals.completed());
        expect("cancelled", depth + WORKERS - (kills ? 0 : toRun + WORKERS), totals.cancelled());
        expect("answered", depth, count(CompletableFuture::isDone));
        expect(
                "cancelled futures",
                kills || end == End.CANCEL ? depth - toRun : 0,
                count(future -> isCancelled(future)));
        TaskStats stats = manager.stats();
        if (!stats.equals(new TaskStats(WORKERS, 0, 0, 0, 0, 0, 0, 0, 0, 0, false))) {
            faults.add("at the end: " + stats);
        }
    }

    private static boolean isCancelled(CompletableFuture<?> future) {
        Supplier<Throwable> error = () -> {
            try {
                future.getNow(null);
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        };
        return future.isCancelled() && error.get() instanceof TaskCancelledException;
    }

    private void expect(String what, long expected, long actual) {
        if (expected != actual) {
            faults.add(actual + " " + what + ", not " + expected);
        }
    }

    private long count(java.util.function.Predicate<CompletableFuture<?>> condition) {
        return Arrays.stream(futures).filter(condition).count();
    }

    /** Has several threads act on each index, every so manieth each. */
    private void inThreads(IntAction action) {
        List<Thread> threads = IntStream.range(0, SUBMITTERS)
                .mapToObj(first -> new Thread(
                        () -> {
                            for (int index = first; index < depth; index += SUBMITTERS) {
                                action.run(index);
                            }
                        },
                        "deep-" + first))
                .toList();
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        Await.until("the end of " + threads, () -> threads.stream().noneMatch(Thread::isAlive));
    }

    /** What is done at an index. */
    @FunctionalInterface
    private interface IntAction {
        void run(int index);
    }

    private static final class QuietLogger implements Logger {

        @Override
        public void debugf(String format, Object... args) {}

        @Override
        public void infof(String format, Object... args) {}

        @Override
        public void warnf(String format, Object... args) {}

        @Override
        public void errorf(String format, Object... args) {}
    }
}

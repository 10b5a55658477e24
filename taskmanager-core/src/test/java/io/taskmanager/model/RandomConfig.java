package io.taskmanager.model;

import io.taskmanager.Backoff;
import io.taskmanager.OverflowPolicy;
import io.taskmanager.StartupPolicy;
import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskManagerConfig;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Draws the config of a walk. */
final class RandomConfig {

    private static final int[] CAPACITIES = {1, 2, 5, 50, 10_000};

    private RandomConfig() {}

    /** Draws the config of the manager of this name; one without workers has as many resources as its callers need. */
    static TaskManagerConfig<ModelResource> draw(World world, Books books, String name, boolean synchronous) {
        SplittableRandom random = world.random(0x6000_0000_0000L);
        boolean faulty = world.temper != World.Temper.CALM;
        int workers = random.nextInt(1, 5);
        int max = workers + random.nextInt(4);
        boolean threadBound = random.nextInt(4) == 0;
        int pool = random.nextInt(4);
        boolean explicitPool = !threadBound && random.nextBoolean();
        int temporary = random.nextInt(3);
        int poolLimit = threadBound ? 0 : explicitPool ? pool : workers;
        int most = random.nextInt(4) == 0 ? max + (explicitPool ? pool : 0) + random.nextInt(3) : Integer.MAX_VALUE;
        int limit = synchronous ? most : Math.min(most, max + poolLimit + temporary);
        ModelFactory factory = random.nextInt(3) == 0
                ? new ModelFactory.Resetting(world, limit, threadBound)
                : new ModelFactory(world, limit, threadBound);

        TaskManagerConfig.Builder<ModelResource> builder = TaskManagerConfig.builder(factory)
                .name(name)
                .workerCount(workers)
                .maxWorkerCount(max)
                .burstInterval(random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(1, 4)))
                .maxRetries(random.nextInt(4))
                .retryBackoff(
                        random.nextBoolean()
                                ? Backoff.none()
                                : Backoff.exponential(
                                        Duration.ofNanos(random.nextInt(1, 1_000_000)), Duration.ofMillis(3)))
                .maxTemporaryResources(temporary)
                .acquireTimeout(Duration.ofNanos(random.nextInt(4) == 0 ? 0 : random.nextInt(20_000_000)))
                .healthCheck(ModelError.healthCheck(world))
                .creationBackoff(
                        random.nextBoolean()
                                ? Backoff.none()
                                : Backoff.exponential(
                                        Duration.ofNanos(random.nextInt(1, 500_000)), Duration.ofMillis(2)))
                .queueCapacity(CAPACITIES[random.nextInt(CAPACITIES.length)])
                .priorityQueueCapacity(CAPACITIES[random.nextInt(CAPACITIES.length)])
                .overflowPolicy(OverflowPolicy.values()[random.nextInt(3)])
                .startupPolicy(StartupPolicy.values()[random.nextInt(2)])
                .priorityBurstLimit(random.nextInt(3))
                .lending(random.nextInt(4) > 0)
                .stopTimeout(Duration.ofNanos(random.nextInt(20_000_000)))
                .stuckTaskGrace(Duration.ofNanos(random.nextInt(4) == 0 ? 0 : random.nextInt(10_000_000)))
                .logger(new ModelLogger(world, random.nextBoolean()));
        if (most < Integer.MAX_VALUE) {
            builder.maxResources(most);
        }
        if (random.nextInt(4) == 0) {
            builder.retryPolicy(ModelError.retryPolicy(world));
        }
        if (random.nextInt(4) == 0) {
            builder.resourceHealthCheck(ModelError.resourceHealthCheck(world));
        }
        if (random.nextInt(4) == 0) {
            builder.validationTimeout(Duration.ofNanos(random.nextInt(1, 5_000_000)));
            world.hasty = true;
        }
        if (random.nextInt(6) == 0) {
            builder.deadline(Duration.ofNanos(random.nextInt(1, 20_000_000)));
        }
        if (explicitPool) {
            builder.resourcePoolSize(pool);
        }
        if (random.nextBoolean() && builder.build().overflowPolicy() == OverflowPolicy.BLOCK) {
            builder.enqueueTimeout(Duration.ofNanos(random.nextInt(2_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.taskTimeout(Duration.ofNanos(random.nextInt(1, 5_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.queueTimeout(Duration.ofNanos(random.nextInt(1, 10_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.resourceMaxAge(Duration.ofNanos(random.nextInt(1, 10_000_000)));
        }
        if (random.nextInt(3) == 0) {
            builder.resourceMaxUses(random.nextInt(1, 10));
        }
        if (random.nextInt(3) == 0) {
            builder.resourceIdleValidation(Duration.ofNanos(random.nextInt(1, 2_000_000)));
        }
        if (random.nextBoolean()) {
            builder.collector(books);
        }
        if (random.nextBoolean()) {
            builder.listener(books);
        }
        if (random.nextInt(3) == 0) {
            builder.taskDecorator(new TaskDecorator() {
                @Override
                public <R, T> Task<R, T> decorate(Task<R, T> task) {
                    world.maybeThrow("the task decorator");
                    return (context, resource) -> task.execute(context, resource);
                }
            });
        }
        if (random.nextInt(3) == 0) {
            builder.callbackExecutor(callbackExecutor(world, name));
        }
        if (random.nextBoolean()) {
            builder.scalingPolicy(snapshot -> {
                world.maybeThrow("the scaling policy");
                return snapshot.backlog() % 3 == 0 ? Integer.MIN_VALUE : snapshot.busyWorkers() * 2 - 1;
            });
        } else if (random.nextInt(3) == 0) {
            builder.scaleDownDelay(Duration.ofNanos(random.nextInt(5_000_000)));
        }
        if (faulty && random.nextInt(10) == 0) {
            builder.threadFactory(action -> switch ((int) (System.nanoTime() % 20)) {
                case 0 -> null;
                case 1 -> throw new OutOfMemoryError("no thread to be had");
                default -> new Thread(action, name + "-own-worker");
            });
        }
        return builder.build();
    }

    /** A thread for each callback, now and then none. */
    private static Executor callbackExecutor(World world, String name) {
        return action -> {
            if (System.nanoTime() % 8 == 0 && world.temper != World.Temper.CALM) {
                throw new RejectedExecutionException("no callbacks today");
            }
            new Thread(action, name + "-own-callback").start();
        };
    }

    /** The settings, for the report of a failed walk. */
    static String describe(TaskManagerConfig<ModelResource> config) {
        return "workers " + config.workerCount() + " to " + config.maxWorkerCount() + ", burstInterval "
                + config.burstInterval() + ", " + (config.scalingPolicy().isPresent() ? "own" : "default")
                + " scalingPolicy, maxRetries " + config.maxRetries() + ", " + config.retryBackoff()
                + ", resourcePoolSize " + config.resourcePoolSize() + ", maxTemporaryResources "
                + config.maxTemporaryResources() + ", acquireTimeout " + config.acquireTimeout() + ", capacities "
                + config.queueCapacity() + " and " + config.priorityQueueCapacity() + ", " + config.overflowPolicy()
                + " within " + config.enqueueTimeout() + ", " + config.startupPolicy() + ", priorityBurstLimit "
                + config.priorityBurstLimit() + ", taskTimeout " + config.taskTimeout() + ", queueTimeout "
                + config.queueTimeout() + ", stopTimeout " + config.stopTimeout() + ", stuckTaskGrace "
                + config.stuckTaskGrace() + ", resourceMaxAge " + config.resourceMaxAge() + ", resourceMaxUses "
                + config.resourceMaxUses() + ", resourceIdleValidation " + config.resourceIdleValidation()
                + ", lending " + config.lending() + ", thread-bound "
                + config.resourceFactory().threadBound() + ", own collector "
                + config.collector().isPresent() + ", own listener "
                + config.listener().isPresent()
                + ", own threads " + config.threadFactory().isPresent() + ", own callbackExecutor "
                + config.callbackExecutor().isPresent() + ", maxResources " + config.maxResources()
                + ", own retryPolicy " + config.retryPolicy().isPresent() + ", resourceHealthCheck "
                + config.resourceHealthCheck().isPresent() + ", validationTimeout " + config.validationTimeout()
                + ", deadline " + config.deadline() + ", creationBackoff "
                + config.creationBackoff() + ", resets "
                + ((ModelFactory) config.resourceFactory()).resets();
    }
}

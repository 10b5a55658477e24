package io.taskmanager.engine;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.SystemTimer;
import io.taskmanager.engine.support.Timer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Creates managers: the only entry point of the engine. */
public final class TaskManagers {

    private TaskManagers() {}

    /**
     * Creates a manager and starts its workers. With {@link StartupPolicy#FAIL_FAST} this waits until the first resource
     * has been created, and a {@code resourcePoolSize} of them if that is set.
     *
     * @param <R> the resource
     * @param <E> the upper bound of results
     * @throws ResourceCreationException with FAIL_FAST, if the first creation fails, or the waiting thread is
     *     interrupted; nothing is left running then
     * @throws IllegalStateException if the config's thread factory gives no thread
     */
    public static <R, E extends @Nullable Object> TaskManager<R, E> create(TaskManagerConfig<R> config) {
        return create(config, systemTimer(config));
    }

    /**
     * Creates a manager without workers, for tests and for programs with one thread: every form runs its task at once, on
     * the calling thread, with all its retries. When the call returns, the future is complete and the callback was called.
     * The answers, errors and counts are those of any manager. Creates no resource yet.
     *
     * <p>One resource is created for the first task, kept for the next ones, and replaced when it breaks. A task that finds
     * it in use, by a task further up its thread's stack or by another thread, has a temporary one. A task that can't have a
     * resource is told so by {@link ResourceCreationException}, as with {@link TaskManager#runTask}.
     *
     * <p>Settings about workers, lanes, back-off of retries, pool size, callback threads and the resource factory's timeouts
     * have no effect; {@code pause} and
     * {@code resize} of its control throw {@link UnsupportedOperationException}. Callbacks are called on the calling thread, so one that is called within a task belongs to that task.
     */
    public static <R, E extends @Nullable Object> TaskManager<R, E> createSynchronous(TaskManagerConfig<R> config) {
        Preload.run();
        EngineParts<R> parts = EngineParts.of(config, systemTimer(config), true);
        return new DefaultTaskManager<>(config, parts, new Shutdown(config.name(), config.stuckTaskGrace(), parts));
    }

    private static Timer systemTimer(TaskManagerConfig<?> config) {
        return new SystemTimer(config.name() + "-timer");
    }

    /** As {@link #create(TaskManagerConfig)}, with a clock of the test's own. */
    static <R, E extends @Nullable Object> TaskManager<R, E> create(TaskManagerConfig<R> config, Timer timer) {
        Preload.run();
        EngineParts<R> parts = EngineParts.of(config, timer, false);
        Shutdown shutdown = new Shutdown(config.name(), config.stuckTaskGrace(), parts);
        // Before the first thread: what fails after that must stop it.
        TaskManager<R, E> manager = new DefaultTaskManager<>(config, parts, shutdown);
        boolean started = false;
        try {
            start(config, parts);
            started = true;
        } finally {
            if (!started) {
                shutdown.kill();
            }
        }
        return manager;
    }

    private static <R> void start(TaskManagerConfig<R> config, EngineParts<R> parts) {
        parts.timer().start();
        boolean failFast = config.startupPolicy() == StartupPolicy.FAIL_FAST;
        if (failFast) {
            parts.resources().decideStart(true);
            // One alone at first: a broken factory is asked once, and no other creation can hide its failure.
            parts.workers().start(1, config.maxWorkerCount());
            await(parts.resources().firstCreation(), config.name());
        }
        parts.workers().start(config.workerCount(), config.maxWorkerCount());
        CompletableFuture<?> filled =
                config.resourcePoolSize().orElse(0) > 0 ? parts.pool().fill() : CompletableFuture.completedFuture(null);
        if (failFast) {
            await(filled, config.name());
            parts.resources().decideStart(false);
        }
        parts.scaler().start(config.burstInterval());
        int workers = config.maxWorkerCount();
        int forCallers = parts.pool().limit();
        parts.logger()
                .infof(
                        "started with %d workers, at most %d; at most %d resources, %d of them for runTask",
                        config.workerCount(), workers, (long) workers + forCallers, forCallers);
    }

    private static void await(CompletableFuture<?> future, String name) {
        try {
            future.get();
        } catch (ExecutionException e) {
            Throwable failure = Objects.requireNonNullElse(e.getCause(), e);
            throw new ResourceCreationException(
                    "manager \"" + name + "\" did not start: " + failure.getMessage()
                            + " (startupPolicy LENIENT would keep trying)",
                    failure.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceCreationException("manager \"" + name + "\" did not start: interrupted", e);
        }
    }
}

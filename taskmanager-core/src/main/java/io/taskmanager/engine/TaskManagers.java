package io.taskmanager.engine;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.SystemTimer;
import io.taskmanager.engine.support.Timer;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
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
     * Begins to create a manager, as {@link #create}, and does not wait: so several managers can wait for their first resources
     * together. It takes tasks at once; with {@link StartupPolicy#FAIL_FAST}, one worker runs them until {@link #awaitStart}.
     *
     * @param <R> the resource
     * @param <E> the upper bound of results
     * @throws IllegalStateException if the config's thread factory gives no thread; nothing is left running then
     */
    public static <R, E extends @Nullable Object> TaskManager<R, E> begin(TaskManagerConfig<R> config) {
        return begin(config, systemTimer(config));
    }

    /**
     * Ends what {@link #begin} has begun: waits for what {@link #create} waits for, of all these managers together, and starts
     * their other workers. As soon as one of them fails, all of them are killed. One that was waited for before ends as it
     * did then. Managers that were not made by {@code begin} are left alone, and so is one that this is called by the work of
     * (by its factory or listener, say), which would wait for itself.
     *
     * @throws ResourceCreationException with FAIL_FAST, if the first creation of one of them fails, if one is stopped meanwhile,
     *     or if the waiting thread is interrupted
     */
    public static void awaitStart(Collection<? extends TaskManager<?, ?>> managers) {
        Startup.await(managers.stream()
                .flatMap(manager -> manager instanceof DefaultTaskManager<?, ?> ours
                        ? ours.startup().filter(Startup::isToBeAwaited).stream()
                        : Stream.empty())
                .toList());
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
        return new DefaultTaskManager<>(
                config, parts, new Shutdown(config.name(), config.stuckTaskGrace(), parts), null);
    }

    private static Timer systemTimer(TaskManagerConfig<?> config) {
        return new SystemTimer(config.name() + "-timer");
    }

    /** As {@link #create(TaskManagerConfig)}, with a clock of the test's own. */
    static <R, E extends @Nullable Object> TaskManager<R, E> create(TaskManagerConfig<R> config, Timer timer) {
        DefaultTaskManager<R, E> manager = begin(config, timer);
        boolean started = false;
        try {
            awaitStart(List.of(manager));
            started = true;
        } finally {
            if (!started) {
                manager.abort(); // also where there was no memory to wait for it
            }
        }
        return manager;
    }

    /** As {@link #begin(TaskManagerConfig)}, with a clock of the test's own. */
    static <R, E extends @Nullable Object> DefaultTaskManager<R, E> begin(TaskManagerConfig<R> config, Timer timer) {
        Preload.run();
        EngineParts<R> parts = EngineParts.of(config, timer, false);
        Shutdown shutdown = new Shutdown(config.name(), config.stuckTaskGrace(), parts);
        Startup startup = new Startup(config, parts, shutdown);
        // Before the first thread: what fails after that must stop it.
        DefaultTaskManager<R, E> manager = new DefaultTaskManager<>(config, parts, shutdown, startup);
        startup.begin();
        return manager;
    }
}

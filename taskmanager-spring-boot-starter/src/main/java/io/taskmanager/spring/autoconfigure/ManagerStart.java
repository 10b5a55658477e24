package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManager;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The creation of a manager. One that waits for its first resource has a thread of its own, so that several managers wait at
 * the same time. Whoever uses the manager before it is there waits for it. May be used by any thread.
 */
final class ManagerStart<R> {

    private static final Logger log = LoggerFactory.getLogger(ManagerStart.class);

    private final String name;
    private final BooleanSupplier isInListener;
    private final CompletableFuture<TaskManager<R, Object>> created = new CompletableFuture<>();
    private final @Nullable Thread thread;
    /** What {@link #created} has. Written once, before that is complete. */
    private volatile @Nullable TaskManager<R, Object> manager;

    private ManagerStart(
            String name, @Nullable Supplier<TaskManager<R, Object>> creation, BooleanSupplier isInListener) {
        this.name = name;
        this.isInListener = isInListener;
        this.thread = creation == null ? null : new Thread(() -> run(creation), "taskmanager-start-" + name);
    }

    /** Creates a manager that waits for nothing, here and now. */
    static <R> ManagerStart<R> inPlace(String name, Supplier<TaskManager<R, Object>> creation) {
        ManagerStart<R> start = new ManagerStart<>(name, null, () -> false);
        start.succeeded(creation.get());
        return start;
    }

    /**
     * Begins to create a manager.
     *
     * @param isInListener whether the current thread tells the manager's listener of an event: it must not wait for the
     *     creation, which waits for it
     */
    static <R> ManagerStart<R> inThreadOfItsOwn(
            String name, Supplier<TaskManager<R, Object>> creation, BooleanSupplier isInListener) {
        ManagerStart<R> start = new ManagerStart<>(name, creation, isInListener);
        Objects.requireNonNull(start.thread).start();
        return start;
    }

    private void run(Supplier<TaskManager<R, Object>> creation) {
        try {
            succeeded(creation.get());
        } catch (Throwable e) {
            created.completeExceptionally(e);
        }
    }

    private void succeeded(TaskManager<R, Object> made) {
        manager = made;
        created.complete(made);
    }

    /** Complete when the manager is there; failed with what its creation has thrown. */
    CompletableFuture<TaskManager<R, Object>> created() {
        return created;
    }

    /**
     * The manager; waits for it.
     *
     * @throws ResourceCreationException if its creation threw that, or the thread is interrupted; whatever else the creation
     *     threw is thrown, too
     * @throws IllegalStateException if the creation waits for this call
     */
    TaskManager<R, Object> manager() {
        TaskManager<R, Object> made = manager;
        return made != null ? made : awaitManager();
    }

    private TaskManager<R, Object> awaitManager() {
        if (!created.isDone() && (Thread.currentThread() == thread || isInListener.getAsBoolean())) {
            throw new IllegalStateException("the task manager '" + name
                    + "' is being created: a listener that is told of an event of that time can't use it");
        }
        return await(created);
    }

    /** Waits for several; throws as soon as one of them has failed, as {@link #manager} does. */
    static void awaitAll(List<? extends CompletableFuture<?>> starts) {
        CompletableFuture<?> all = CompletableFuture.allOf(starts.toArray(CompletableFuture<?>[]::new));
        starts.forEach(start -> start.whenComplete((manager, failure) -> {
            if (failure != null) {
                all.completeExceptionally(failure);
            }
        }));
        await(all);
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> start) {
        try {
            return start.get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceCreationException("interrupted while a task manager was being created", e);
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /** Ends the creation, waits for that, and closes the manager where it is there all the same. */
    void close() {
        if (thread != null) {
            thread.interrupt(); // does nothing to one that has ended
        }
        TaskManager<R, Object> made = created.handle(this::madeIfAny).join();
        if (made != null) {
            made.close();
        }
    }

    private @Nullable TaskManager<R, Object> madeIfAny(
            @Nullable TaskManager<R, Object> made, @Nullable Throwable failure) {
        if (failure != null) {
            log.debug("Task manager '{}' is closed, and was not created", name, failure);
        }
        return made;
    }
}

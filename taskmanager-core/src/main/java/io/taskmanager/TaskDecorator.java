package io.taskmanager;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Wraps each task, and the callback of the callback forms, when it is submitted, on the submitting thread: to carry what
 * that thread knows (a trace, a log context) to the one that runs it. A {@link CapturingTask} is told when it leaves the
 * submitting thread, and copies nothing where it does not. What the decorator throws is logged, and the task goes undecorated.
 */
@FunctionalInterface
public interface TaskDecorator {

    /**
     * The task to run in place of another. It may be run several times, as the other may.
     *
     * @param <R> the resource
     * @param <T> the result
     */
    <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task);

    /**
     * The task to run in place of one of {@link TaskManager#runTask}, which never leaves the submitting thread: a decorator that
     * carries what that thread knows has nothing to capture for it. What {@link #decorate} gives, unless this is overridden.
     *
     * @param <R> the resource
     * @param <T> the result
     */
    default <R, T extends @Nullable Object> Task<R, T> decorateDirect(Task<R, T> task) {
        return decorate(task);
    }

    /** The callback to call in place of another, which is that itself unless this is overridden. */
    default <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> decorateCallback(
            BiConsumer<T, @Nullable Throwable> callback) {
        return callback;
    }
}

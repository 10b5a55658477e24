package io.taskmanager.engine.execution;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Guard;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt ended.
 *
 * @param value what the task returned, if it did
 * @param error what it threw, or null if it returned
 * @param retry whether the error, if any, is worth another try, if the task has one left
 * @param reusable whether the resource can be used by another task
 * @param startedNanos when it started
 * @param finishedNanos when it ended
 */
public record Outcome<T extends @Nullable Object>(
        @Nullable T value,
        @Nullable Throwable error,
        boolean retry,
        boolean reusable,
        long startedNanos,
        long finishedNanos) {

    /** The answer to a task that threw this and is not tried again. */
    public static TaskExecutionException failure(QueuedTask<?, ?> task, Throwable error) {
        return new TaskExecutionException(task.describe() + " threw " + Guard.describe(error), error);
    }
}

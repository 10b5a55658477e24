package io.taskmanager.engine.execution;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Padded;
import org.jspecify.annotations.Nullable;

/**
 * How the last attempt of a {@link TaskRunner} ended: it has one, and writes it anew for each attempt. For the thread that
 * made the attempt.
 */
public final class Outcome extends Padded {

    private @Nullable Object value;
    private @Nullable Throwable error;
    private boolean retry;
    private boolean reusable;
    private long finishedNanos;

    Outcome returned(@Nullable Object newValue, boolean isReusable, long endNanos) {
        return set(newValue, null, false, isReusable, endNanos);
    }

    Outcome threw(Throwable newError, boolean isToBeRetried, boolean isReusable, long endNanos) {
        return set(null, newError, isToBeRetried, isReusable, endNanos);
    }

    private Outcome set(
            @Nullable Object newValue,
            @Nullable Throwable newError,
            boolean isToBeRetried,
            boolean isReusable,
            long endNanos) {
        value = newValue;
        error = newError;
        retry = isToBeRetried;
        reusable = isReusable;
        finishedNanos = endNanos;
        return this;
    }

    /** What the task threw; null if it returned. Forgotten with this. */
    public @Nullable Throwable takeError() {
        Throwable taken = error;
        error = null;
        return taken;
    }

    /** What the task returned; forgotten with this, so that an idle worker keeps nothing of it. */
    @SuppressWarnings("unchecked") // whoever asks has the task that was run
    public <T extends @Nullable Object> @Nullable T takeValue(QueuedTask<?, T> ofTask) {
        Object taken = value;
        value = null;
        return (T) taken;
    }

    /** Whether the error, if any, is worth another try, if the task has one left. */
    public boolean retry() {
        return retry;
    }

    /** Whether the resource can be used by another task. */
    public boolean reusable() {
        return reusable;
    }

    /** When the attempt ended. */
    public long finishedNanos() {
        return finishedNanos;
    }

    /** The answer to a task that threw this and is not tried again. */
    public static TaskExecutionException failure(QueuedTask<?, ?> task, Throwable error) {
        return new TaskExecutionException(task.describe() + " threw " + Guard.describe(error), error);
    }
}

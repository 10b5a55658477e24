package io.taskmanager;

/**
 * Decides, from what a task threw, whether the task is worth another try, up to {@link TaskManagerConfig#maxRetries()}.
 * Without one, a task is tried again if its resource was found broken. Called by the thread that ran the task, and for a
 * task that ran longer than its timeout, with a {@link TaskTimeoutException}, by another thread of the manager. A policy that
 * throws is logged, and its answer taken as no. One that takes longer than {@link TaskManagerConfig#validationTimeout()} is
 * interrupted, and its answer taken as no; one that ignores that for {@link TaskManagerConfig#stuckTaskGrace()} is abandoned,
 * and the task fails.
 */
@FunctionalInterface
public interface RetryPolicy {

    /**
     * Whether to run the task again, after the back-off; on another resource if that one was broken. Not asked for tasks
     * that may not be retried.
     *
     * @param error what the task threw, unwrapped; a {@link TaskTimeoutException} if its attempt ran too long
     * @param attempt the number of the attempt that threw it, from 1
     */
    boolean shouldRetry(Throwable error, int attempt);
}

package io.taskmanager.engine.execution;

/** What follows from an attempt that threw. */
public enum RetryDecision {
    /** The task fails with what it threw. */
    FAIL,
    /** The task is run again. */
    RETRY,
    /** The task fails, having been retried as often as it may. */
    EXHAUSTED;

    /**
     * Decides.
     *
     * @param retry whether what it threw is worth another try
     * @param attempts the attempts made so far, this one included
     * @param maxRetries the attempts allowed beyond the first
     */
    public static RetryDecision of(boolean retry, int attempts, int maxRetries) {
        if (!retry || maxRetries == 0) {
            return FAIL;
        }
        return attempts <= maxRetries ? RETRY : EXHAUSTED;
    }
}

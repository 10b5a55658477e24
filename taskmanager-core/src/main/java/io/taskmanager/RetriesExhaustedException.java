package io.taskmanager;

/** A task threw an unhealthy error in each of its attempts. The cause is the last one. */
public class RetriesExhaustedException extends TaskExecutionException {

    private static final long serialVersionUID = 1L;

    private final int attempts;

    public RetriesExhaustedException(String message, int attempts, Throwable cause) {
        super(message, cause);
        this.attempts = attempts;
    }

    /** How often the task was run: one more than its retries. */
    public int attempts() {
        return attempts;
    }
}

package io.taskmanager;

/** How a task ended. */
public enum TaskOutcome {
    /** It returned. */
    COMPLETED,
    /** It threw, for good. */
    FAILED,
    /** It was cancelled by its caller or by a kill. */
    CANCELLED,
    /** It ran into a time limit. */
    TIMED_OUT
}

package io.taskmanager;

/** The life of a manager: RUNNING, then STOPPING or KILLED or one after the other, then TERMINATED. */
public enum TaskManagerState {
    /** Accepts tasks. */
    RUNNING,
    /** Refuses new tasks and runs the accepted ones. */
    STOPPING,
    /** Refuses new tasks; all others were answered; some worker has not ended yet. */
    KILLED,
    /** Every worker has ended and every resource is destroyed. */
    TERMINATED
}

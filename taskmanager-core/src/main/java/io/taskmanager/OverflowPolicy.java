package io.taskmanager;

/**
 * What a blocking form does when its lane is full. The callback and async forms are always answered with
 * {@link TaskRejectedException.Reason#QUEUE_FULL}.
 */
public enum OverflowPolicy {
    /** Waits for room, up to {@link TaskManagerConfig#enqueueTimeout()}. */
    BLOCK,
    /** Throws {@link TaskRejectedException} with QUEUE_FULL. */
    REJECT,
    /**
     * Runs the task on the caller's thread, with a resource as {@link TaskManager#runTask} would find it. Retries, if
     * any, are run by the workers.
     */
    CALLER_RUNS
}

package io.taskmanager;

/**
 * Gathers metrics from the life of tasks. The record methods are called by submitting threads and by workers, many at a
 * time, on their hot path: they must be quick, must not block, and should not lock. What one throws is logged, and the
 * task goes on.
 *
 * <p>Every accepted task is recorded as one arrival and, at its end, as exactly one of completion, failure, cancellation
 * or timeout. A refused task is one rejection and no arrival.
 */
public interface MetricsCollector {

    /** A task was accepted, by the queue or by {@link TaskManager#runTask}. */
    void recordArrival();

    /** A task returned. */
    void recordCompletion(TaskLifecycleTimestamps stamps);

    /** A task threw, for good. */
    void recordFailure(TaskLifecycleTimestamps stamps);

    /** A task will be run again. */
    void recordRetry();

    /** A snapshot; may be called at any time by any thread. Never null. */
    TaskMetrics metrics();

    /** A task was refused. */
    default void recordRejection() {}

    /** An accepted task was cancelled, queued or running. */
    default void recordCancellation() {}

    /** An accepted task ran into a time limit. */
    default void recordTimeout(TaskLifecycleTimestamps stamps) {}
}

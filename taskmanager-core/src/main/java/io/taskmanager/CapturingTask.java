package io.taskmanager;

import org.jspecify.annotations.Nullable;

/**
 * A task that takes hold of what the submitting thread has around it (a trace, a log context) only where it leaves that thread:
 * what a {@link TaskDecorator} may give. A task that runs where it was submitted has all of that around it, and need not pay
 * for a copy.
 *
 * @param <R> the resource that it needs
 * @param <E> its result
 */
public interface CapturingTask<R, E extends @Nullable Object> extends Task<R, E> {

    /**
     * Called by the submitting thread before another can run the task: when it is queued, or is to be retried by a worker. Not
     * called for a task that never leaves that thread. What this throws is logged, and the task goes on as it is.
     */
    void capture();
}

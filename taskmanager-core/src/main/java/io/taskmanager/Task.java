package io.taskmanager;

import org.jspecify.annotations.Nullable;

/**
 * Work on a resource. Called by a worker's thread, or by the caller's for {@link TaskManager#runTask}; never by two at
 * a time for one resource. A task that may be retried must be fit to run again from its start.
 *
 * @param <R> the resource that it needs
 * @param <E> its result
 */
@FunctionalInterface
public interface Task<R, E extends @Nullable Object> {

    /**
     * Does the work. Must not keep the resource: after the return, other tasks use it.
     *
     * @throws Exception anything; the {@link HealthCheck} decides whether the resource is to blame
     */
    E execute(TaskContext context, R resource) throws Exception;
}

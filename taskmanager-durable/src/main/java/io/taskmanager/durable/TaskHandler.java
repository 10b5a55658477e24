package io.taskmanager.durable;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of one {@link TaskType}. A bean; there is one for each type on a node, and a node without one leaves tasks of that
 * type to the others.
 *
 * @param <P> the payload
 * @param <R> the resource of the manager that it names
 * @param <E> the result
 */
public interface TaskHandler<P, R, E extends @Nullable Object> {

    /** What it handles. Asked once, at the start. */
    TaskType<P, E> type();

    /** The manager whose workers and resources it uses, a key under {@code taskmanager.managers}. Asked once, at the start. */
    String manager();

    /**
     * Does the work, on a worker of the manager. May be called by several threads at a time, each with its own resource.
     *
     * <p>A task that runs at least once may be called again with the same {@link DurableTaskContext#taskId}, after an error, or
     * after the node died, also where all but the last step was done. No transaction is open; one that this opens and commits is
     * done whatever becomes of the task.
     *
     * @throws Exception anything: the task is delivered again after its back-off, or ends as DEAD_LETTER (FAILED if at most once)
     */
    E handle(DurableTaskContext context, P payload, R resource) throws Exception;
}

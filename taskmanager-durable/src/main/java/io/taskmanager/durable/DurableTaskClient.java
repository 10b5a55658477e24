package io.taskmanager.durable;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queues durable tasks and tells what became of them. A bean; any thread may use it.
 *
 * <p>Each call joins the caller's transaction on the same {@code DataSource}, or has one of its own. What is queued in a
 * transaction is seen by no node before its commit, and after a rollback it never was. On this node a task that is due is looked
 * for right after the commit, on others with the next poll.
 *
 * <p>A node need not have the type's handler to queue a task: a node that has it runs it.
 *
 * <p>Each call may throw Spring's {@code DataAccessException} if the database can't be reached or refuses. Then nothing was
 * queued, unless the answer to the commit was lost; whoever queues again after that gives the task a
 * {@linkplain DurableTaskRequest.Builder#key key}, so that it is one.
 */
public interface DurableTaskClient {

    /**
     * Main lane, at least once.
     *
     * @throws IllegalArgumentException if the payload can't be written as JSON, or is longer than
     *     {@code taskmanager.durable.max-payload-size}
     */
    default <P> TaskId queueTask(TaskType<P, ?> type, P payload) {
        return enqueue(DurableTaskRequest.of(type, payload));
    }

    /** Priority lane, at least once; else as {@link #queueTask}. */
    default <P> TaskId queueTaskWithPriority(TaskType<P, ?> type, P payload) {
        return enqueue(DurableTaskRequest.builder(type, payload).priority().build());
    }

    /** Main lane, at most once; else as {@link #queueTask}. */
    default <P> TaskId queueTaskOnce(TaskType<P, ?> type, P payload) {
        return enqueue(DurableTaskRequest.builder(type, payload).once().build());
    }

    /** Priority lane, at most once; else as {@link #queueTask}. */
    default <P> TaskId queueTaskWithPriorityOnce(TaskType<P, ?> type, P payload) {
        return enqueue(
                DurableTaskRequest.builder(type, payload).priority().once().build());
    }

    /**
     * Queues a task, unless there is one of its type and key: then it is that one's id that is returned.
     *
     * @throws IllegalArgumentException as {@link #queueTask}
     */
    default <P> TaskId enqueue(DurableTaskRequest<P> request) {
        return enqueueAll(List.of(request)).get(0);
    }

    /**
     * Queues all or none, in one batch.
     *
     * @return their ids, in the order of the requests
     * @throws IllegalArgumentException as {@link #queueTask}; then none was queued
     */
    <P> List<TaskId> enqueueAll(Collection<DurableTaskRequest<P>> requests);

    /** What is known of a task; empty if there never was one of that id, or it was deleted with age. */
    Optional<DurableTask> find(TaskId id);

    /**
     * Waits for a task's end, wherever it runs. A task that ends on this node is answered at once, one that ends elsewhere is asked
     * for ever less often, at last once in a second.
     *
     * @param type the task's own
     * @return what its handler has returned; null where that was null
     * @throws DurableTaskException if the task ended as FAILED, DEAD_LETTER or LOST
     * @throws TaskCancelledException if it was cancelled
     * @throws TaskTimeoutException if it has not ended within the timeout; it goes on
     * @throws InterruptedException if this thread was interrupted; the task goes on
     * @throws IllegalArgumentException if there is no such task, or it is of another type
     * @throws IllegalStateException if the task was queued by the transaction that this thread is in: nobody can run it before the
     *     commit
     */
    <E extends @Nullable Object> E await(TaskId id, TaskType<?, E> type, Duration timeout) throws InterruptedException;

    /**
     * Cancels a task that is QUEUED.
     *
     * @return whether it is CANCELLED now by this call; a task that a node has, or that has ended, is left alone
     */
    boolean cancel(TaskId id);

    /**
     * Queues a task again that has ended as DEAD_LETTER, LOST or FAILED, due now, under its id, with its retries before it. Nothing
     * else ever starts a task again that runs at most once.
     *
     * @return whether it is QUEUED now by this call
     * @throws IllegalArgumentException if its row can't be read; it stays what it is
     */
    boolean redrive(TaskId id);

    /** Some tasks, newest first. */
    DurableTaskPage list(DurableTaskQuery query);
}

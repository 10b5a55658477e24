package io.taskmanager;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A pool of workers, each owning one resource, behind a queue with two lanes.
 *
 * <h2>The twelve queue forms</h2>
 *
 * Each form has a lane, a number of attempts and a way to answer; all else is the same for the twelve.
 *
 * <ul>
 *   <li><b>Lane.</b> {@code queueTask} uses the main lane, {@code queueTaskWithPriority} the priority lane. Workers take
 *       retries first, then priority tasks, then main ones, and within a lane in the order of submission.
 *   <li><b>Attempts.</b> When a task throws an error that the {@link HealthCheck} calls unhealthy, its resource is
 *       destroyed and replaced, and the task runs again on another resource after a back-off, up to
 *       {@link TaskManagerConfig#maxRetries()} times. The {@code Once} forms are never run again.
 *   <li><b>Answer.</b> Every accepted task is answered exactly once. The blocking forms return the result or throw; the
 *       {@code WithCallback} forms hand {@code (result, null)} or {@code (null, error)} to the callback, on
 *       {@link TaskManagerConfig#callbackExecutor()}, never on a worker; the {@code Async} forms complete a future.
 *       Where too many callbacks wait for the manager's own threads, the call is refused with
 *       {@link TaskRejectedException.Reason#QUEUE_FULL}, and its callback is called before the call returns, on the
 *       calling thread: so whoever queues faster than callbacks end is held up. The same goes for a call after the end.
 *       Cancelling that future takes a queued task out of its lane, or cancels the {@link TaskContext} of a running one
 *       and, with {@code cancel(true)}, interrupts its thread. Completing it in another way ({@code complete},
 *       {@code orTimeout}) does the same as {@code cancel(true)}, with another answer.
 *   <li><b>Blocking.</b> The callback and async forms never wait: a full lane answers them with
 *       {@link TaskRejectedException.Reason#QUEUE_FULL}. The blocking forms follow
 *       {@link TaskManagerConfig#overflowPolicy()}. A caller that is interrupted gets {@link InterruptedException},
 *       and its task is cancelled. From wherever it would wait for itself (a task, what hangs on a future of this manager and
 *       runs on its worker, a callback run in place, the resource factory, a listener, an onCancel action; also through tasks
 *       of other managers), a blocking form throws {@link IllegalStateException}; use an async form or {@code runTask} there.
 *   <li><b>Lending.</b> A blocking form that finds a worker idle, and no task before it, borrows that worker: the task
 *       runs on the caller's own thread with the worker's resource. All else is as on the worker, save for interrupts: one of
 *       the caller reaches the task, as it would any code there. An {@link InterruptedException} that the task throws is the
 *       caller's; a task that swallows it has returned what it returned. And when the manager is killed, the caller of a
 *       task that ignores its interrupt can go on only when the task returns. No worker is lent with
 *       {@link TaskManagerConfig#lending()} off, none that a {@link ResourceFactory#threadBound() thread-bound} resource
 *       belongs to, and none to a task with a run timeout or a deadline of its own, whose
 *       caller must be answered in time.
 * </ul>
 *
 * The three ways report alike: what a blocking form throws is what the future fails with and the callback is handed.
 *
 * <ul>
 *   <li>{@link TaskExecutionException}: the task threw; its cause is what it threw.
 *   <li>{@link RetriesExhaustedException}: so did each of its retries; the cause is the last error.
 *   <li>{@link TaskTimeoutException}: it ran into its queue timeout, run timeout or deadline. It is not retried.
 *   <li>{@link TaskCancelledException}: it was cancelled, or the manager was killed.
 *   <li>{@link TaskRejectedException}: it was not accepted; {@link TaskRejectedException#reason()} says why.
 * </ul>
 *
 * A task may return null, and the answer is then null.
 *
 * @param <R> the resource that each worker owns
 * @param <E> the upper bound of results; with {@code Object} each call infers its own type
 */
public interface TaskManager<R, E extends @Nullable Object> extends AutoCloseable {

    /** Main lane, retried, blocking. */
    <T extends E> T queueTask(Task<? super R, ? extends T> task) throws InterruptedException;

    /** Priority lane, retried, blocking. */
    <T extends E> T queueTaskWithPriority(Task<? super R, ? extends T> task) throws InterruptedException;

    /** Main lane, never retried, blocking. */
    <T extends E> T queueTaskOnce(Task<? super R, ? extends T> task) throws InterruptedException;

    /** Priority lane, never retried, blocking. */
    <T extends E> T queueTaskWithPriorityOnce(Task<? super R, ? extends T> task) throws InterruptedException;

    /** Main lane, retried, answered by callback. */
    <T extends E> void queueTaskWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback);

    /** Priority lane, retried, answered by callback. */
    <T extends E> void queueTaskWithPriorityWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback);

    /** Main lane, never retried, answered by callback. */
    <T extends E> void queueTaskOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback);

    /** Priority lane, never retried, answered by callback. */
    <T extends E> void queueTaskWithPriorityOnceWithCallback(
            Task<? super R, ? extends T> task, BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback);

    /** Main lane, retried, answered by future. */
    <T extends E> CompletableFuture<T> queueTaskAsync(Task<? super R, ? extends T> task);

    /** Priority lane, retried, answered by future. */
    <T extends E> CompletableFuture<T> queueTaskWithPriorityAsync(Task<? super R, ? extends T> task);

    /** Main lane, never retried, answered by future. */
    <T extends E> CompletableFuture<T> queueTaskOnceAsync(Task<? super R, ? extends T> task);

    /** Priority lane, never retried, answered by future. */
    <T extends E> CompletableFuture<T> queueTaskWithPriorityOnceAsync(Task<? super R, ? extends T> task);

    /** Queues a task with options of its own, answered by future; never blocks. */
    <T extends E> CompletableFuture<T> submit(Task<? super R, ? extends T> task, TaskOptions options);

    /**
     * Queues a task with options of its own and waits for its answer, as the blocking queue forms do: it follows
     * {@link TaskManagerConfig#overflowPolicy()}, and borrows an idle worker unless the task has a run timeout or a deadline,
     * at which its caller must be answered.
     *
     * @throws TaskExecutionException if the task threw; the cause is what it threw
     * @throws TaskTimeoutException if it ran into its queue timeout, run timeout or deadline
     * @throws TaskRejectedException if it was not accepted; or could not be run within {@code acquireTimeout}, since no
     *     resource can be created or the manager is paused (NO_RESOURCE)
     * @throws InterruptedException if the caller is interrupted; its task is cancelled then
     * @throws IllegalStateException if called from where it could wait for itself
     */
    <T extends E> T call(Task<? super R, ? extends T> task, TaskOptions options) throws InterruptedException;

    /**
     * Runs a task now, on the caller's thread, past the queue: on a pooled resource, else on a temporary one (at most
     * {@link TaskManagerConfig#maxTemporaryResources()} at a time), else on the first that is returned within
     * {@link TaskManagerConfig#acquireTimeout()}. The task runs once. A resource whose task threw an unhealthy error is
     * destroyed. With a {@linkplain ResourceFactory#threadBound() thread-bound} factory every resource is temporary.
     *
     * @throws TaskExecutionException if the task threw; the cause is what it threw
     * @throws ResourceCreationException if no pooled resource was free and creating one failed
     * @throws TaskRejectedException if no resource came free in time (NO_RESOURCE), or the manager is shutting down
     * @throws TaskCancelledException if the manager was killed while the task ran
     * @throws InterruptedException if the caller is interrupted; its task is cancelled then
     */
    <T extends E> T runTask(Task<? super R, ? extends T> task) throws InterruptedException;

    /**
     * Refuses new tasks, runs every accepted one (its retries too) without cancelling anything, then destroys every
     * resource and ends every thread. Waits for that without bound: while no resource can be created, and tasks are
     * queued, that is until one can. If the waiting thread is interrupted, the stop becomes a {@link #kill()}, as with
     * {@code ExecutorService.close()}, and its interrupt status is set again.
     *
     * @throws IllegalStateException if the manager is not running, or if called from where it would wait for itself
     */
    ShutdownReport stop();

    /**
     * As {@link #stop()}, and kills what is left when the timeout has passed.
     *
     * @throws IllegalStateException as {@link #stop()}
     * @throws IllegalArgumentException if the timeout is negative
     */
    ShutdownReport stop(Duration timeout);

    /**
     * Refuses new tasks, answers every queued and running one with {@link TaskCancelledException}, interrupts the
     * running ones, and destroys every resource. Escalates a {@link #stop()} under way. Waits for the workers at most
     * {@link TaskManagerConfig#stuckTaskGrace()}; a task that is still running then is abandoned, and its resource is
     * destroyed when it returns.
     *
     * @throws IllegalStateException if the manager was killed or has terminated, or if called from where it would
     *     wait for itself
     */
    ShutdownReport kill();

    /**
     * As {@link #stop(Duration)} with {@link TaskManagerConfig#stopTimeout()}; does nothing if the manager was stopped
     * or killed before.
     */
    @Override
    void close();

    /** A snapshot of the manager's counters. */
    TaskStats stats();

    /** A snapshot of what the {@link MetricsCollector} has gathered. */
    TaskMetrics metrics();

    /** The name from {@link TaskManagerConfig#name()}. */
    String name();

    /** Where the manager stands in its life. */
    TaskManagerState state();

    /** Steers the manager, and tells what it is doing. */
    TaskManagerControl control();
}

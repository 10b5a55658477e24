package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.execution.TaskRunner;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.resource.ResourcePool.Lease;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a task on its caller's thread, with a resource of the pool. */
public final class CallerRunner<R> {

    private final TaskQueue queue;
    private final ResourcePool<R> pool;
    private final TaskRunner<R> runner;
    private final OutcomeHandler outcomes;
    private final Duration acquireTimeout;
    private final Timer timer;
    private final boolean retries;
    /** No worker to replace: the thread is its caller's, and comes back when the task does. */
    private final Consumer<QueuedTask<?, ?>> onStuck;

    /**
     * @param retries whether retries are made here, too, or left to the workers
     */
    public CallerRunner(
            TaskQueue queue,
            ResourcePool<R> pool,
            TaskRunner<R> runner,
            OutcomeHandler outcomes,
            EventLog events,
            Duration acquireTimeout,
            Timer timer,
            boolean retries) {
        this.queue = queue;
        this.pool = pool;
        this.runner = runner;
        this.outcomes = outcomes;
        this.acquireTimeout = acquireTimeout;
        this.timer = timer;
        this.retries = retries;
        this.onStuck = task -> events.stuck(task.name());
    }

    /**
     * Runs a task that no queue has accepted. After the return it is answered, or waits for a worker to retry it.
     *
     * @throws TaskRejectedException if no resource was to be had, or the manager is shutting down
     * @throws InterruptedException if the caller was interrupted while it waited
     */
    public <T extends @Nullable Object> void run(QueuedTask<R, T> task) throws InterruptedException {
        Lease<R> lease = pool.acquire(acquireTimeout, task.queuedNanos());
        if (!queue.enter(task, lease.sinceNanos())) {
            pool.release(lease, true);
            throw new TaskRejectedException(
                    Reason.SHUTTING_DOWN, "manager \"" + task.managerName() + "\" is shutting down");
        }
        @Nullable Lease<R> held = lease;
        while (held != null) {
            held = runOn(held, task) ? takeBack(task, held) : null;
        }
    }

    /** Makes an attempt. Says whether another is to be made here: then the lease has not ended. */
    private <T extends @Nullable Object> boolean runOn(Lease<R> lease, QueuedTask<R, T> task) {
        boolean reusable = true;
        boolean requeued = false;
        try {
            Outcome<T> outcome = runner.run(task, lease.holder(), lease.sinceNanos(), true, onStuck);
            if (outcome != null) {
                reusable = outcome.reusable();
                requeued = outcomes.handle(task, null, outcome);
            }
        } finally {
            // In this order: a shutdown waits for the pool last, and then no task may be on the books.
            if (!requeued) {
                queue.leave(task);
            }
            if (!requeued || !retries) {
                pool.release(lease, reusable);
            }
        }
        return requeued && retries;
    }

    /** For another attempt, a task whose resource is broken. Gives a lease of a new one; null if it has ended. */
    private @Nullable Lease<R> takeBack(QueuedTask<R, ?> task, Lease<R> broken) {
        if (!queue.takeBack(task)) {
            pool.release(broken, false);
            return null;
        }
        try {
            return pool.exchange(broken, queue::isOver, acquireTimeout);
        } catch (ResourceCreationException | TaskRejectedException e) {
            task.fail(e, timer.nanos());
        } catch (InterruptedException e) {
            task.interruptCaller(e);
        }
        queue.leave(task);
        return null;
    }
}

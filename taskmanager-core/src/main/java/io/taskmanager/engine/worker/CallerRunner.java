package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.execution.TaskRunner;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.resource.Slot;
import io.taskmanager.engine.support.StackRoom;
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
        StackRoom.ensure();
        Slot<R> slot = pool.acquire(task, acquireTimeout, task.queuedNanos());
        boolean requeued = false;
        try {
            enter(task, slot);
            requeued = runEntered(task, slot);
        } finally {
            // Whatever is thrown, an Error included. In this order: a shutdown waits for the pool last, and no task may
            // be
            // on the books then.
            try {
                if (!requeued) {
                    leave(task);
                }
            } finally {
                pool.release(slot, task);
            }
        }
    }

    /** A direct task is never queued, so the queue need not know of it: a kill finds it by its slot. */
    private void enter(QueuedTask<R, ?> task, Slot<R> slot) {
        if (task.submittedTo() == TaskLane.DIRECT) {
            queue.arrived(slot.sinceNanos());
        } else if (!queue.enter(task, slot.sinceNanos())) {
            throw new TaskRejectedException(
                    Reason.SHUTTING_DOWN, "manager \"" + task.managerName() + "\" is shutting down");
        }
    }

    private void leave(QueuedTask<R, ?> task) {
        if (task.submittedTo() != TaskLane.DIRECT) {
            queue.leave(task);
        }
    }

    /**
     * Runs an accepted task, for which nobody else would answer. User code is guarded, so what is thrown here is an error of
     * the JVM (no memory, say) or of the engine.
     *
     * @return whether the task is back in the queue, to be retried by a worker
     */
    private boolean runEntered(QueuedTask<R, ?> task, Slot<R> slot) {
        try {
            boolean requeued = attempt(task, slot);
            while (requeued && retries && queue.takeBack(task)) {
                requeued = (slot.isUsable() || exchange(task, slot)) && attempt(task, slot);
            }
            return requeued;
        } catch (Throwable e) {
            task.failInEngine(e, timer.nanos());
            return false;
        }
    }

    /** Makes an attempt. Says whether the task is back in the queue, to be retried. */
    private <T extends @Nullable Object> boolean attempt(QueuedTask<R, T> task, Slot<R> slot) {
        slot.setUsable(false); // until the outcome says so
        Runnable onHungCall = () -> pool.abandon(slot);
        Outcome<T> outcome = runner.run(task, slot.holder(), slot.sinceNanos(), true, onStuck, onHungCall);
        if (outcome == null) {
            slot.setUsable(true);
            return false;
        }
        boolean requeued = outcomes.handle(task, null, outcome);
        boolean again = requeued && retries; // with this slot
        if (outcome.reusable() && pool.isToBeReset(slot, again)) {
            if (!requeued) {
                leave(task); // it waits for nothing that happens to the resource
            }
            slot.setUsable(pool.reset(slot, onHungCall));
        } else {
            slot.setUsable(outcome.reusable());
        }
        return requeued;
    }

    /** Sees to a new resource for another attempt; answers the task where there is none. */
    private boolean exchange(QueuedTask<R, ?> task, Slot<R> slot) {
        try {
            pool.exchange(slot, task, queue::isOver, acquireTimeout);
            return true;
        } catch (ResourceCreationException | TaskRejectedException e) {
            task.fail(e, timer.nanos());
        } catch (InterruptedException e) {
            task.interruptCaller(e);
        }
        return false;
    }
}

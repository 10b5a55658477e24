package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.execution.AttemptRules;
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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a task on its caller's thread, with a resource of the pool. */
public final class CallerRunner<R> {

    private final TaskQueue queue;
    private final ResourcePool<R> pool;
    private final AttemptRules<R> rules;
    private final OutcomeHandler outcomes;
    private final Duration acquireTimeout;
    private final Timer timer;
    private final boolean retries;
    /** No worker to replace: the thread is its caller's, and comes back when the task does. */
    private final Consumer<QueuedTask<?, ?>> onStuck;
    /** Where attempts are made on pooled slots, each at its slot's index. Only for who holds the slot. */
    private final AtomicReferenceArray<@Nullable Place<R>> places;

    /**
     * @param retries whether retries are made here, too, or left to the workers
     */
    public CallerRunner(
            TaskQueue queue,
            ResourcePool<R> pool,
            AttemptRules<R> rules,
            OutcomeHandler outcomes,
            EventLog events,
            Duration acquireTimeout,
            Timer timer,
            boolean retries) {
        this.queue = queue;
        this.pool = pool;
        this.rules = rules;
        this.outcomes = outcomes;
        this.acquireTimeout = acquireTimeout;
        this.timer = timer;
        this.retries = retries;
        this.onStuck = task -> events.stuck(task.name());
        this.places = new AtomicReferenceArray<>(pool.size());
    }

    /**
     * A slot, and what runs attempts on it.
     *
     * @param onHungCall gives the slot up
     */
    private record Place<R>(Slot<R> slot, TaskRunner<R> runner, Runnable onHungCall) {}

    /** The one of a slot that has come before, or a new one. A slot that was given up may still be run on: that has its own. */
    private Place<R> place(Slot<R> slot) {
        int index = slot.index();
        Place<R> present = index < 0 ? null : places.getPlain(index);
        if (present != null && present.slot == slot) {
            return present;
        }
        Runnable onHungCall = () -> pool.abandon(slot);
        Place<R> made = new Place<>(slot, new TaskRunner<>(rules, onStuck, onHungCall), onHungCall);
        if (index >= 0) {
            places.setPlain(index, made);
        }
        return made;
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
            // Whatever is thrown, an Error included. In this order: a shutdown waits for the pool last, and no task
            // may be on the books then.
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
            Place<R> place = place(slot);
            boolean requeued = attempt(task, place);
            while (requeued && retries && queue.dequeueRetry(task)) {
                requeued = (slot.isUsable() || exchange(task, slot)) && attempt(task, place);
            }
            return requeued;
        } catch (Throwable e) {
            task.failInEngine(e, timer.nanos());
            return false;
        }
    }

    /** Makes an attempt. Says whether the task is back in the queue, to be retried. */
    private boolean attempt(QueuedTask<R, ?> task, Place<R> place) {
        Slot<R> slot = place.slot;
        slot.setUsable(false); // until the outcome says so
        Outcome outcome = place.runner.run(task, slot.holder(), slot.sinceNanos(), true);
        if (outcome == null) {
            slot.setUsable(true);
            return false;
        }
        boolean requeued = outcomes.handle(task, null, outcome, true);
        boolean again = requeued && retries; // with this slot
        if (outcome.reusable() && pool.isToBeReset(slot, again)) {
            if (!requeued) {
                leave(task); // it waits for nothing that happens to the resource
            }
            slot.setUsable(pool.reset(slot, place.onHungCall));
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

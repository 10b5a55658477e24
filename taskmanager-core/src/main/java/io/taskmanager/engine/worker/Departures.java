package io.taskmanager.engine.worker;

import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.WorkerSlots;
import io.taskmanager.engine.support.Surely;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How workers leave a {@link WorkerPool}: they end, or are abandoned, since a task or the factory does not return. One that was
 * needed is replaced: it leaves, and a place for the next is claimed, in one hold of the pool's lock, which guards the roster and
 * the flags of the worker.
 */
final class Departures<R> {

    private final Roster<R> roster;
    private final ThreadStarts<R> starts;
    private final Renewals<R> renewals;
    private final WorkerSlots slots;
    private final EventLog events;
    private final ReentrantLock lock;

    Departures(
            Roster<R> roster,
            ThreadStarts<R> starts,
            Renewals<R> renewals,
            WorkerSlots slots,
            EventLog events,
            ReentrantLock lock) {
        this.roster = roster;
        this.starts = starts;
        this.renewals = renewals;
        this.slots = slots;
        this.events = events;
        this.lock = lock;
    }

    /** Abandons a worker whose task will not end, and starts another in its place. */
    void abandon(Worker<R> worker, QueuedTask<?, ?> task) {
        if (!slots.abandon(worker, task)) {
            return;
        }
        Worker<R> next;
        Surely.lock(lock);
        try {
            worker.stuckTask = task;
            roster.abandon(worker);
            next = replace(worker);
        } finally {
            lock.unlock();
        }
        starts.startAll(next);
        events.stuck(task.name());
    }

    /** Abandons a worker for which the factory does not return, and starts another in its place. */
    void abandon(Worker<R> worker) {
        Worker<R> next;
        Surely.lock(lock);
        try {
            if (worker.abandoned || !roster.has(worker)) {
                return;
            }
            roster.abandon(worker);
            next = replace(worker);
        } finally {
            lock.unlock();
        }
        slots.requeue(worker);
        starts.startAll(next);
    }

    /**
     * A worker has ended, with no resource left; or the destruction of its last does not return. One that was needed is
     * replaced, unless that has been done. Does nothing the second time.
     */
    void exited(Worker<R> worker) {
        QueuedTask<?, ?> task = worker.stuckTask;
        if (task != null) {
            slots.returned(task);
        }
        Worker<R> next = null;
        Surely.lock(lock);
        try {
            if (worker.gone) {
                return;
            }
            worker.gone = true;
            if (worker.abandoned) {
                roster.returned();
            } else {
                roster.lose(worker);
                next = replace(worker);
            }
        } finally {
            lock.unlock();
        }
        starts.startAll(next);
        renewals.wakeNext(); // the turn may have been this worker's
    }

    /**
     * Takes a worker out of the pool, and claims a place for another if that is needed: at once, or a stop could see no worker
     * while there is still work. Under lock.
     */
    private @Nullable Worker<R> replace(Worker<R> worker) {
        roster.remove(worker);
        try {
            return roster.claimPlace();
        } catch (OutOfMemoryError e) {
            roster.owe();
            starts.startLater();
            return null;
        }
    }
}

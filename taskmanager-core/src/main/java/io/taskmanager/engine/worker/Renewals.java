package io.taskmanager.engine.worker;

import io.taskmanager.engine.queue.WorkerSlots;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Surely;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The renewals of old resources in a {@link WorkerPool}: whether and how one can be made now, and whose turn is next. Guarded by
 * the pool's lock, which each method takes itself, but where said. The queue, the gate of creations and the starts of threads
 * are called without it.
 */
final class Renewals<R> {

    private final Roster<R> roster;
    private final ThreadStarts<R> starts;
    private final WorkerSlots slots;
    private final Resources<R> resources;
    private final ReentrantLock lock;

    private int swaps;

    /** The workers with an old resource that were told "not now", in turn, each linked to the next. */
    private @Nullable Worker<R> first;

    private @Nullable Worker<R> last;

    Renewals(Roster<R> roster, ThreadStarts<R> starts, WorkerSlots slots, Resources<R> resources, ReentrantLock lock) {
        this.roster = roster;
        this.starts = starts;
        this.slots = slots;
        this.resources = resources;
        this.lock = lock;
    }

    /** Whether a resource is old, and a renewal could begin now. For the parameters see {@link Resources#isDueForRenewal}. */
    boolean canBegin(Worker<R> worker, ResourceHolder<R> holder, boolean isNeeded) {
        if (!resources.isDueForRenewal(holder, isNeeded)) {
            return false;
        }
        Surely.lock(lock);
        try {
            boolean possible = possible(holder) != Renewal.NOT_NOW;
            if (!possible) {
                await(worker);
            }
            return possible;
        } finally {
            lock.unlock();
        }
    }

    Renewal begin(Worker<R> worker, ResourceHolder<R> holder) {
        Worker<R> successor = null;
        Renewal renewal;
        Surely.lock(lock);
        try {
            renewal = possible(holder);
            if (renewal == Renewal.BY_SUCCESSOR) {
                successor = roster.claimPlaceFor(worker);
            } else if (renewal == Renewal.OVERLAP) {
                roster.beginOverlap();
            } else if (renewal == Renewal.SWAP) {
                swaps++;
            }
        } finally {
            lock.unlock();
        }
        if (successor != null) {
            starts.startAll(successor);
        }
        return renewal;
    }

    void end(Renewal renewal) {
        if (renewal == Renewal.NOT_NOW || renewal == Renewal.BY_SUCCESSOR) {
            return;
        }
        Surely.lock(lock);
        try {
            if (renewal == Renewal.OVERLAP) {
                roster.endOverlap();
            } else {
                swaps--;
            }
        } finally {
            lock.unlock();
        }
        wakeNext();
        starts.fill();
    }

    /** Under lock. */
    private Renewal possible(ResourceHolder<R> holder) {
        boolean isRoom = roster.isRoom();
        boolean isOtherUnderWay = swaps + roster.overlaps() > 0;
        if (resources.isWorn(holder)) {
            return isRoom ? Renewal.OVERLAP : isOtherUnderWay ? Renewal.NOT_NOW : Renewal.SWAP;
        }
        if (roster.hasSuccessor() || isOtherUnderWay) {
            return Renewal.NOT_NOW;
        }
        return isRoom ? Renewal.BY_SUCCESSOR : Renewal.SWAP;
    }

    /** Under lock. Needs no memory. */
    private void await(Worker<R> worker) {
        if (worker.awaitsRenewal) {
            return;
        }
        worker.awaitsRenewal = true;
        if (last == null) {
            first = worker;
        } else {
            last.nextToRenew = worker;
        }
        last = worker;
    }

    /**
     * A renewal has ended, or there is room for another: wakes one worker that waits for its turn, if it is idle; a busy one
     * asks after its task. Needs no memory.
     */
    void wakeNext() {
        Worker<R> next;
        Surely.lock(lock);
        try {
            next = next();
        } finally {
            lock.unlock();
        }
        if (next != null) {
            slots.wake(next);
        }
    }

    /** Whose turn it is; null if nobody waits. Under lock. */
    private @Nullable Worker<R> next() {
        while (first != null) {
            Worker<R> next = first;
            first = next.nextToRenew;
            last = first == null ? null : last;
            next.nextToRenew = null;
            next.awaitsRenewal = false;
            if (roster.isStaying(next)) {
                return next;
            }
        }
        return null;
    }
}

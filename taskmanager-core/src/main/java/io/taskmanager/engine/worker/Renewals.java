package io.taskmanager.engine.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The renewals under way in a {@link WorkerPool}, and whose turn is next. Guarded by the pool's lock, but where said. */
final class Renewals<R> {

    private int overlaps;
    private int swaps;
    /** The worker that is to take the place of one whose resource is old, until it has its own; one at a time. */
    private @Nullable Worker<R> successor;

    /** The workers with an old resource that were told "not now", in turn. */
    private final Deque<Worker<R>> waiting = new ArrayDeque<>();

    /** Written under lock; read without it, as a first look, between two tasks. */
    private volatile int extra;

    /** How many resources there are beyond one for each worker. */
    int overlaps() {
        return overlaps;
    }

    /** How many workers there are beyond the target: one, while there is a successor. Also without the lock. */
    int extra() {
        return extra;
    }

    /** @param isRoom whether the maximum leaves room for another resource */
    Renewal possible(boolean isWorn, boolean isRoom) {
        if (isWorn) {
            return isRoom ? Renewal.OVERLAP : swaps + overlaps == 0 ? Renewal.SWAP : Renewal.NOT_NOW;
        }
        if (successor != null || swaps + overlaps > 0) {
            return Renewal.NOT_NOW;
        }
        return isRoom ? Renewal.BY_SUCCESSOR : Renewal.SWAP;
    }

    void began(Renewal renewal) {
        overlaps += renewal == Renewal.OVERLAP ? 1 : 0;
        swaps += renewal == Renewal.SWAP ? 1 : 0;
    }

    void ended(Renewal renewal) {
        overlaps -= renewal == Renewal.OVERLAP ? 1 : 0;
        swaps -= renewal == Renewal.SWAP ? 1 : 0;
    }

    void succeedBy(Worker<R> added) {
        successor = added;
        extra = 1;
    }

    /** A worker has its resource; if it is the successor, the one whose place it takes is given, or null. */
    @Nullable
    Worker<R> arrived(Worker<R> worker) {
        if (worker != successor) {
            return null;
        }
        endSuccession();
        return worker.predecessor;
    }

    /** A worker goes: then there is no place to take, or nobody to take it. */
    void left(Worker<R> worker) {
        if (successor != null && (worker == successor || worker == successor.predecessor)) {
            endSuccession();
        }
    }

    private void endSuccession() {
        successor = null;
        extra = 0;
    }

    /** Where there is no memory for it, the worker asks again after its next task. */
    void await(Worker<R> worker) {
        if (worker.awaitsRenewal) {
            return;
        }
        try {
            waiting.addLast(worker);
            worker.awaitsRenewal = true;
        } catch (OutOfMemoryError e) {
            // see above
        }
    }

    /** Whose turn it is; null if nobody waits. */
    @Nullable
    Worker<R> next(Predicate<Worker<R>> stays) {
        for (Worker<R> next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            next.awaitsRenewal = false;
            if (stays.test(next)) {
                return next;
            }
        }
        return null;
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.engine.support.Padded;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the queue sees it, and what a caller claims to run its task with: while the worker is parked, to claim it and to
 * release it is one compare-and-set each.
 *
 * <pre>
 * AWAKE     (null)    -> PARKED    its worker finds no task; by that, under the queue's lock
 * PARKED              -> AWAKE     it is woken; under the queue's lock
 *                     -> CLAIMED   by a caller, without the lock
 * CLAIMED   (a task)  -> PARKED    by that caller, without the lock
 *                     -> SPENT     the task is another's now, or nobody's: requeued, abandoned, ended; under the lock
 * SPENT               -> PARKED    by that caller, under the lock
 * </pre>
 */
public abstract class WorkerSlot extends Padded {

    private static final Object PARKED = new Object();
    private static final Object SPENT = new Object();

    private static final AtomicReferenceFieldUpdater<WorkerSlot, Object> HOLDER =
            AtomicReferenceFieldUpdater.newUpdater(WorkerSlot.class, Object.class, "holder");

    private static final AtomicLongFieldUpdater<WorkerSlot> CLAIMS =
            AtomicLongFieldUpdater.newUpdater(WorkerSlot.class, "claims");

    /** PARKED, SPENT, the task that a caller has claimed it for, or null while its worker is awake. */
    private volatile @Nullable Object holder;

    /** How many tasks it was claimed for. Written by the claimant. */
    private volatile long claims;

    /** The worker's thread, from its first wait on. */
    private @Nullable Thread thread;

    // Guarded by the queue's lock.

    /** What the worker runs. */
    @Nullable
    QueuedTask<?, ?> running;

    /** Its place among the queue's workers. */
    boolean isListed;

    @Nullable
    WorkerSlot before;

    @Nullable
    WorkerSlot after;

    /** Its place among the idle ones; written under the lock, read without it by a caller that releases it. */
    volatile boolean isIdle;

    @Nullable
    WorkerSlot warmer;

    @Nullable
    WorkerSlot colder;

    /**
     * Whether the worker has another thing to do than to run a task or to wait for one. Asked under the queue's lock, or by a
     * caller that has just claimed or released it.
     */
    protected abstract boolean hasOtherWork();

    /** Told, under the queue's lock, when the worker has found no task, before {@link #hasOtherWork} is asked once more. */
    protected void foundNothing() {}

    /** Told, under the queue's lock, when the worker parks. */
    protected void parks() {}

    /** By the worker's thread, under the lock. */
    final void park() {
        thread = Thread.currentThread();
        parks();
        holder = PARKED;
    }

    final boolean isAwake() {
        return holder == null;
    }

    /** Waits until woken; without the lock, by the worker's thread. */
    final void awaitWake() {
        while (holder != null) {
            LockSupport.park(this);
            // Workers are interrupted for their task alone; an interrupt that finds them here is none of ours.
            Thread.interrupted();
        }
    }

    /** Under the lock; false if it is not parked. */
    final boolean parked2awake() {
        boolean woken = HOLDER.compareAndSet(this, PARKED, null);
        if (woken) {
            LockSupport.unpark(thread);
        }
        return woken;
    }

    /** False if it is not parked, or another's. */
    final boolean parked2claimed(QueuedTask<?, ?> task) {
        return holder == PARKED && HOLDER.compareAndSet(this, PARKED, task);
    }

    /** By who has claimed it; false if the task is not its any more. */
    final boolean claimed2parked(QueuedTask<?, ?> task) {
        return HOLDER.compareAndSet(this, task, PARKED);
    }

    /** Under the lock; false if it is not claimed for this task. */
    final boolean claimed2spent(QueuedTask<?, ?> task) {
        return HOLDER.compareAndSet(this, task, SPENT);
    }

    /** By who has claimed it, under the lock. */
    final void spent2parked() {
        boolean unused = HOLDER.compareAndSet(this, SPENT, PARKED);
    }

    /** The task that it is claimed for; null if it is for none. */
    final @Nullable QueuedTask<?, ?> claimant() {
        return holder instanceof QueuedTask<?, ?> task ? task : null;
    }

    final long claims() {
        return claims;
    }

    /** By the claimant, whose claim stands. */
    final void countClaim() {
        CLAIMS.lazySet(this, claims + 1);
    }
}

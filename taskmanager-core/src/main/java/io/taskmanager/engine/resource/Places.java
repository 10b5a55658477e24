package io.taskmanager.engine.resource;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.resource.ResourcePool.Counts;
import io.taskmanager.engine.support.Surely;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The places of a {@link ResourcePool} for resources: which there are, who holds them, who waits for one, and whether the pool
 * is closed. Its lock guards all of this, and is the only one of the pool; but to claim a free slot and to release it takes
 * none. Places that the pool claims for itself are held by this object.
 *
 * <p>A release and a caller that begins to wait could miss each other: the caller finds no free slot, the other finds nobody
 * that waits, and only then frees its slot. So each writes first and then looks: the release frees its slot, and then looks for
 * those that wait ({@link #serveFreed}); the caller is counted among them, and then looks for a free slot once more
 * ({@link #claimOrWait}). A close and a recycle are seen by a release in the same way.
 */
final class Places<R> {

    private final String managerName;
    private final SlotTable<R> slots;

    /** Also guards what the {@link PoolKeeper} knows of itself. */
    final ReentrantLock lock = new ReentrantLock();

    private final WaitingLine<R> line = new WaitingLine<>(lock);
    /** Open when this is closed and no resource is left, or nobody is to wait for that any more. */
    private final CountDownLatch emptied = new CountDownLatch(1);

    /** Written under lock; read without it by claims, releases, and a creation that waits. */
    private volatile boolean closed;

    Places(String managerName, SlotTable<R> slots) {
        this.managerName = managerName;
        this.slots = slots;
    }

    /** Claims a free slot without the lock; null if none is, or somebody waits. */
    @Nullable
    Slot<R> claimFree(Object owner) {
        return line.isEmpty() ? slots.claimFree(owner) : null;
    }

    /**
     * Claims what is free, or joins the line.
     *
     * @param made a new slot, for a place without a resource or for the wait
     * @return a slot that is held, or waits: for {@link #awaitTurn} then
     */
    Slot<R> claimOrWait(Slot<R> made, Object owner, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw shuttingDown();
            }
            Slot<R> free = claimFree(owner);
            if (free != null) {
                free.since(made.sinceNanos());
                return free;
            }
            if (line.isEmpty() && slots.claimRoom(made, owner)) {
                return made;
            }
            if (timeout.isZero()) {
                throw noResource("none came free", timeout);
            }
            line.add(made, owner);
            serveLine();
            return made;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the slot has its place, at most {@code nanos}.
     *
     * @param timeout for the message; {@code nanos} is what is left of it
     * @throws TaskRejectedException if it has none in time, or the pool is closed
     */
    void awaitTurn(Slot<R> slot, long nanos, Duration timeout) throws InterruptedException {
        line.await(slot, nanos);
        if (slot.owner() == null) {
            throw closed ? shuttingDown() : noResource("none came free", timeout);
        }
    }

    /** Has a slot wait no longer. If it was served at that very moment, it holds its place. */
    void leaveLine(Slot<R> slot) {
        line.leave(slot);
    }

    /**
     * A slot was freed just now. Unless another has claimed it since, it goes to whoever waits, or is left over when the pool
     * is closed.
     *
     * @return whether it is left over: then it is held by this, and its resource is to be destroyed
     */
    boolean serveFreed(Slot<R> slot) {
        if (line.isEmpty() && !closed) {
            return false;
        }
        Surely.lock(lock);
        try {
            serveLine();
            return closed && slot.free2held(this);
        } finally {
            lock.unlock();
        }
    }

    /** Hands what is free to those that wait: a release may have seen nobody wait. Under lock. */
    private void serveLine() {
        while (!line.isEmpty()) {
            Slot<R> free = slots.claimFree(this);
            if (free == null) {
                return;
            }
            handOver(free);
        }
    }

    /**
     * Hands a place over, with the resource in it or without. Wakes that one caller alone; false if nobody waits. Under lock.
     *
     * <p>A caller that times out or is interrupted just now, and leaves the line, either comes first, or finds under the
     * lock that it has got the place: then it uses it, or passes it on.
     */
    private boolean handOver(Slot<R> slot) {
        Slot<R> longest = line.poll();
        if (longest == null) {
            return false;
        }
        slots.move(slot, longest);
        line.wake(longest);
        return true;
    }

    /** Vacates a place though the thread that holds it may still use what is in it: that is the thread's alone from here on. */
    void abandon(Slot<R> slot) {
        Surely.lock(lock);
        try {
            slot.stray = slot.holder;
            slot.holder = null;
        } finally {
            lock.unlock();
        }
        vacate(slot);
    }

    /** Gives up a place that is empty, to the one that has waited longest, if any. */
    void vacate(Slot<R> slot) {
        Surely.lock(lock);
        try {
            if (slot.owner() == null || handOver(slot)) {
                return;
            }
            if (slot.held2gone()) {
                slots.remove(slot);
                checkEmptied();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses new claims and those that wait.
     *
     * @return whether there are free slots, with resources that are to be destroyed
     */
    boolean close() {
        Surely.lock(lock);
        try {
            closed = true;
            boolean hasLeftovers = slots.free() > 0;
            line.refuseAll();
            checkEmptied();
            return hasLeftovers;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    private void checkEmptied() {
        if (closed && slots.isEmpty()) {
            emptied.countDown();
        }
    }

    /** Waits until the closed pool has no resource left, or {@link #abandonWait} was called. */
    boolean awaitEmpty(long nanos) throws InterruptedException {
        return emptied.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Has {@link #awaitEmpty} wait no longer. */
    void abandonWait() {
        emptied.countDown();
    }

    boolean isEmpty() {
        Surely.lock(lock);
        try {
            return slots.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    Counts counts() {
        Surely.lock(lock);
        try {
            return new Counts(available(), slots.temporary());
        } finally {
            lock.unlock();
        }
    }

    private int available() {
        return closed ? 0 : slots.free();
    }

    /** See {@link ResourcePool#forEachOwner}. */
    void forEachOwner(Consumer<Object> action) {
        Consumer<Slot<R>> look = slot -> {
            Object owner = slot.owner();
            if (owner != null && owner != this) {
                action.accept(owner);
            }
        };
        Surely.lock(lock);
        try {
            slots.forEach(look);
        } finally {
            lock.unlock();
        }
    }

    TaskRejectedException shuttingDown() {
        return new TaskRejectedException(Reason.SHUTTING_DOWN, "manager \"" + managerName + "\" is shutting down");
    }

    TaskRejectedException noResource(String why, Duration timeout) {
        Surely.lock(lock);
        try {
            return new TaskRejectedException(
                    Reason.NO_RESOURCE,
                    "manager \"" + managerName + "\" has no resource for runTask: " + why + " within acquireTimeout ("
                            + timeout + "); pooled=" + slots.pooled() + " of " + slots.capacity() + ", idle="
                            + available()
                            + ", temporary=" + slots.temporary() + " of " + slots.maxTemporary()
                            + "; raise resourcePoolSize, maxTemporaryResources or acquireTimeout");
        } finally {
            lock.unlock();
        }
    }
}

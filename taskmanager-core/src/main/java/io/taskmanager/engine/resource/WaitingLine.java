package io.taskmanager.engine.resource;

import io.taskmanager.engine.support.Surely;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The callers that wait for a place of a {@link ResourcePool}, each with a {@link Slot} of its own, in the order of their
 * arrival. Guarded by the lock of {@link Places}, but where said. Each is woken alone, when it has left the line.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
final class WaitingLine<R> {

    /** That of the places. */
    private final ReentrantLock lock;

    private final SlotList<R> slots = new SlotList<>();

    /** How many there are. Written under lock; read without it by releases and newcomers. */
    private volatile int size;

    WaitingLine(ReentrantLock lock) {
        this.lock = lock;
    }

    /** Also without the lock. */
    boolean isEmpty() {
        return size == 0;
    }

    /** Adds the current thread, with its new slot. */
    void add(Slot<R> slot, Object owner) {
        slot.nextOwner = owner;
        slot.waiter = Thread.currentThread();
        slots.add(slot);
        size++;
    }

    /** Takes out the one that has waited longest, to be woken by {@link #wake}; null if nobody waits. */
    @Nullable
    Slot<R> poll() {
        Slot<R> longest = slots.poll();
        if (longest != null) {
            size--;
        }
        return longest;
    }

    /** Wakes one that has left the line. */
    void wake(Slot<R> slot) {
        Thread waiter = slot.waiter;
        slot.waiter = null;
        LockSupport.unpark(waiter);
    }

    /** Wakes all of them, without a place. */
    void refuseAll() {
        size = 0;
        for (Slot<R> slot = slots.poll(); slot != null; slot = slots.poll()) {
            wake(slot);
        }
    }

    /** Waits until the slot has left the line, at most {@code nanos}; then it leaves. Not under the lock. */
    void await(Slot<R> slot, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (slot.waiter != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = end - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else {
                leave(slot);
            }
        }
    }

    /** Has a slot leave the line, if it is in it. Not under the lock. */
    void leave(Slot<R> slot) {
        if (slot.waiter == null) {
            return;
        }
        Surely.lock(lock);
        try {
            if (slot.waiter != null) {
                slots.remove(slot);
                size--;
                slot.waiter = null;
            }
        } finally {
            lock.unlock();
        }
    }
}

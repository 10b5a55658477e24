package io.taskmanager.engine.support;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for a change of what a lock guards, the first to come first. What {@link
 * java.util.concurrent.locks.Condition} is for, but that waking needs no memory: up to JDK 20 a signal may, and where there is
 * none it has taken the thread out of those that wait and not woken it, which then waits for ever.
 */
public final class Waiters {

    private final ReentrantLock lock;

    // Guarded by lock.
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** @param lock held by whoever calls a method of this */
    public Waiters(ReentrantLock lock) {
        this.lock = lock;
    }

    private static final class Waiter {

        final Thread thread = Thread.currentThread();

        /** Written under the lock, read by its thread without it. */
        volatile boolean woken;

        // Guarded by the lock.
        @Nullable
        Waiter previous;

        @Nullable
        Waiter next;
    }

    /**
     * Gives the lock up and waits to be woken; has the lock again when it returns or throws.
     *
     * @param nanos how long at most
     * @return how much of that is left; not more than zero if it is over
     * @throws InterruptedException if the thread is interrupted; unless it has been woken: then the interrupt is kept
     */
    public long await(long nanos) throws InterruptedException {
        Waiter me = new Waiter();
        add(me);
        long start = System.nanoTime();
        boolean interrupted = false;
        lock.unlock();
        try {
            long left = nanos;
            while (!me.woken && left > 0 && !interrupted) {
                LockSupport.parkNanos(this, left);
                interrupted = Thread.interrupted();
                left = nanos - (System.nanoTime() - start);
            }
        } finally {
            Surely.lock(lock);
            remove(me);
        }
        if (interrupted && me.woken) {
            Thread.currentThread().interrupt();
        } else if (interrupted) {
            throw new InterruptedException();
        }
        return nanos - (System.nanoTime() - start);
    }

    /** Wakes the one that has waited longest. Needs no memory. */
    public void wakeOne() {
        Waiter waiter = first;
        if (waiter != null) {
            remove(waiter);
            wake(waiter);
        }
    }

    /** Wakes all that wait. Needs no memory. */
    public void wakeAll() {
        while (first != null) {
            wakeOne();
        }
    }

    private static void wake(Waiter waiter) {
        waiter.woken = true;
        LockSupport.unpark(waiter.thread);
    }

    private void add(Waiter waiter) {
        waiter.previous = last;
        if (last == null) {
            first = waiter;
        } else {
            last.next = waiter;
        }
        last = waiter;
    }

    /** Does nothing if it has been woken: then it is not among them. */
    private void remove(Waiter waiter) {
        if (waiter.woken) {
            return;
        }
        if (waiter.previous == null) {
            first = waiter.next;
        } else {
            waiter.previous.next = waiter.next;
        }
        if (waiter.next == null) {
            last = waiter.previous;
        } else {
            waiter.next.previous = waiter.previous;
        }
        waiter.previous = null;
        waiter.next = null;
    }
}

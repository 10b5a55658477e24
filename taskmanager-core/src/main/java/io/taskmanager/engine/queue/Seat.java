package io.taskmanager.engine.queue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A worker's place at the queue. Guarded by the queue's lock, but for the waiting. */
public abstract class Seat {

    /** Whether the worker waits here, in the queue's list of idle ones or lent to a caller. Written under the lock. */
    volatile boolean idle;

    /** What the worker runs, or the caller that has borrowed it. */
    @Nullable
    QueuedTask<?, ?> running;

    /** Whether this is among the queue's seats. */
    boolean isTaken;

    /** The worker's thread, from its first wait on. */
    private @Nullable Thread thread;

    /** Whether the worker has another thing to do than to run a task or to wait for one; asked under the queue's lock. */
    protected abstract boolean getsUp();

    /** Told, under the queue's lock, when the worker begins to wait here. */
    protected void sitsDown() {}

    /** Begins to wait; under the lock, by the worker's thread. */
    final void sit() {
        thread = Thread.currentThread();
        idle = true;
        sitsDown();
    }

    /** Waits until called; without the lock, by the worker's thread. */
    final void awaitCall() {
        while (idle) {
            LockSupport.park(this);
            // Workers are interrupted for their task alone; an interrupt that finds them here is none of ours.
            Thread.interrupted();
        }
    }

    /** Ends the wait. Under the lock. */
    final void call() {
        idle = false;
        LockSupport.unpark(thread);
    }
}

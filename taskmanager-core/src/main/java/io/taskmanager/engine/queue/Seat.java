package io.taskmanager.engine.queue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A worker's place at the queue. Guarded by the queue's lock, but for the waiting. */
public abstract class Seat {

    /** Whether the worker waits here, as an idle one or lent to a caller. Written under the lock. */
    private volatile boolean waits;

    // Guarded by the queue's lock: its place among the idle workers. One that is lent has none.
    boolean isIdle;

    @Nullable
    Seat warmer;

    @Nullable
    Seat colder;

    /** What the worker runs, or the caller that has borrowed it. */
    @Nullable
    QueuedTask<?, ?> running;

    /** Whether this is among the queue's seats. */
    boolean isTaken;

    /** The worker's thread, from its first wait on. */
    private @Nullable Thread thread;

    /** Whether the worker has another thing to do than to run a task or to wait for one; asked under the queue's lock. */
    protected abstract boolean getsUp();

    /** Told, under the queue's lock, when the worker has found no task, before {@link #getsUp} is asked once more. */
    protected void foundNothing() {}

    /** Told, under the queue's lock, when the worker begins to wait here. */
    protected void sitsDown() {}

    /** Begins to wait; under the lock, by the worker's thread. */
    final void sit() {
        thread = Thread.currentThread();
        waits = true;
        sitsDown();
    }

    /** Whether it waits, idle or lent. */
    final boolean waits() {
        return waits;
    }

    /** Waits until called; without the lock, by the worker's thread. */
    final void awaitCall() {
        while (waits) {
            LockSupport.park(this);
            // Workers are interrupted for their task alone; an interrupt that finds them here is none of ours.
            Thread.interrupted();
        }
    }

    /** Ends the wait. Under the lock. */
    final void call() {
        waits = false;
        LockSupport.unpark(thread);
    }
}

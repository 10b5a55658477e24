package io.taskmanager.engine.queue;

import io.taskmanager.engine.support.Timer;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/** What few tasks need. */
final class TaskExtras {

    private static final AtomicLongFieldUpdater<TaskExtras> NUMBER =
            AtomicLongFieldUpdater.newUpdater(TaskExtras.class, "number");

    private static final AtomicReferenceFieldUpdater<TaskExtras, Timer.Cancellable> EXPIRY =
            AtomicReferenceFieldUpdater.newUpdater(TaskExtras.class, Timer.Cancellable.class, "expiry");

    /** What it is called by, if it has no name: 0 until somebody asks. */
    private volatile long number;

    /**
     * Ends the phase that the task is in when its time is over. Written by whoever begins a phase, read by whoever ends
     * the task; one that comes too late finds another phase and does nothing.
     */
    volatile Timer.@Nullable Cancellable expiry;

    /** Ends its back-off. Guarded by the queue's lock. */
    Timer.@Nullable Cancellable backoff;

    /** When the last attempt ended that is followed by another. Written by its thread, before it sets WAITING. */
    long attemptEndedNanos;

    /** What it threw on the thread of its caller, whose interrupt it was; only for that thread. */
    @Nullable
    InterruptedException callersInterrupt;

    long number(TaskQueue queue) {
        if (number == 0) {
            NUMBER.compareAndSet(this, 0, queue.nextNumber());
        }
        return number;
    }

    /**
     * In one step: who ends the task and who arms a limit meet here. Else the first could take the limit of the wait, the
     * other set that of the run, and the first clear it, uncancelled.
     */
    void disarm() {
        Timer.Cancellable current = expiry == null ? null : EXPIRY.getAndSet(this, null);
        if (current != null) {
            current.cancel();
        }
    }
}

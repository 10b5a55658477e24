package io.taskmanager.engine.queue;

import java.util.concurrent.locks.Condition;

/** A worker's place at the queue. Guarded by the queue's lock. */
public abstract class Seat {

    /** Signalled when it is called from the list of idle ones: there may be a task, or another thing to do. */
    final Condition called;

    /** Whether the worker waits here, in the queue's list of idle ones or lent to a caller. */
    boolean idle;

    protected Seat(TaskQueue queue) {
        this.called = queue.newCondition();
    }

    /** Whether the worker has another thing to do than to run a task or to wait for one; asked under the queue's lock. */
    protected abstract boolean getsUp();

    /** Told, under the queue's lock, when the worker begins to wait here. */
    protected void sitsDown() {}
}

package io.taskmanager.engine.queue;

/** A worker that waits for a task, as far as the queue knows: there is no thread to wake. */
public final class IdleSeat extends Seat {

    public IdleSeat(TaskQueue queue) {
        sit();
        queue.register(this);
        queue.giveBack(this);
    }

    @Override
    protected boolean getsUp() {
        return false;
    }

    /** Whether it still waits, idle or lent. After the race, for the arbiter. */
    public boolean isAsleep() {
        return waits();
    }
}

package io.taskmanager.engine.queue;

/** A worker that waits for a task, as far as the queue knows: there is no thread to wake. */
public final class IdleSlot extends WorkerSlot {

    public IdleSlot(TaskQueue queue) {
        queue.listIdle(this);
    }

    @Override
    protected boolean hasOtherWork() {
        return false;
    }

    /** Whether it still waits, idle or claimed. After the race, for the arbiter. */
    public boolean isAsleep() {
        return !isUp();
    }
}

package io.taskmanager.engine.queue;

/** A worker that waits for a task, as far as the queue knows: there is no thread to wake. */
public final class IdleSlot extends WorkerSlot {

    private boolean spoiled;

    public IdleSlot(TaskQueue queue) {
        queue.workers().listIdle(this);
    }

    @Override
    protected boolean hasOtherWork() {
        return spoiled;
    }

    /** Its resource is not to be used again. By its holder. */
    public void spoil() {
        spoiled = true;
    }

    /** Whether it still waits, idle or claimed. After the race, for the arbiter. */
    public boolean isAsleep() {
        return !isAwake();
    }
}

package io.taskmanager.engine.queue;

import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A lane with a capacity. Tasks arrive at its {@link Intake}, which needs no lock; callers may wait for room. */
final class BoundedLane extends Lane {

    private final Intake intake;
    private final Condition room;
    private int waiting;

    /** @param room where callers wait for room */
    BoundedLane(int capacity, Condition room) {
        this.intake = new Intake(capacity);
        this.room = room;
    }

    /** Lets a task arrive; false if there may be no room, or this is closed. By any thread, without the lock. */
    boolean offer(QueuedTask<?, ?> task) {
        return intake.offer(task);
    }

    /** Whether a task has arrived that is not in the lane yet. By any thread. */
    boolean hasArrivals() {
        return intake.hasTasks();
    }

    /** Takes out those that have arrived; see {@link Intake#takeAll}. They are not in the lane yet. */
    @Nullable
    QueuedTask<?, ?> takeArrivals() {
        return intake.takeAll(size());
    }

    /** See {@link Intake#settle}. */
    boolean settle() {
        return intake.settle(size());
    }

    /** See {@link Intake#close}. */
    boolean close() {
        return intake.close();
    }

    @Override
    void remove(QueuedTask<?, ?> task) {
        super.remove(task);
        if (waiting > 0) {
            room.signal();
        }
    }

    /** Waits for a change of this lane; says how much of the time is left. */
    @SuppressWarnings("WaitNotInLoop") // the caller looks again, in a loop
    long awaitRoom(long nanos) throws InterruptedException {
        waiting++;
        try {
            return room.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // The signal may have been for this thread: pass it on, or a free slot would go unseen.
            room.signal();
            throw e;
        } finally {
            waiting--;
        }
    }

    void signalAllRoom() {
        room.signalAll();
    }
}

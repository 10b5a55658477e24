package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Waiters;

/**
 * The tasks that have arrived for a lane with bounded room and wait, in the order of their arrival. Guarded by the queue's
 * lock, but for arrivals (see {@link Intake}). Callers may wait for room.
 */
final class BoundedLane extends Lane {

    private final Intake intake;
    private final int capacity;
    private final Waiters room;
    private final Ledger ledger;

    /** The position of the next task to be taken in. */
    private int end = Intake.FIRST;

    /**
     * @param room where callers wait for room
     * @param ledger told of the tasks when they are taken in
     */
    BoundedLane(int capacity, Waiters room, Ledger ledger) {
        this.capacity = capacity;
        this.intake = new Intake(capacity);
        this.room = room;
        this.ledger = ledger;
    }

    /** Lets a task arrive; false if there may be no room, or this is closed. By any thread, without the lock. */
    boolean offer(QueuedTask<?, ?> task) {
        return intake.offer(task);
    }

    /** Whether a task has arrived that is not among these yet. By any thread. */
    boolean hasArrivals() {
        return intake.hasTasks();
    }

    /** Whether the last look found no memory to take in what has arrived. */
    boolean isStarved() {
        return intake.isStarved();
    }

    /** How many tasks have arrived that are not among these yet. */
    int arrivals() {
        return intake.countSince(end);
    }

    /**
     * Takes in the tasks that have arrived; says how many. Where there is no memory to do so, they are left for the next
     * look.
     */
    int admitArrivals() {
        QueuedTask<?, ?> newest = intake.takeAll();
        if (newest == null) {
            return 0;
        }
        ledger.arrived(newest);
        int added = newest.following() - end;
        addAll(newest, added);
        end += added;
        return added;
    }

    /** Tells those who offer how many may arrive from now on. */
    void tellRoom() {
        intake.allowBelow(end - size() + capacity);
    }

    /** Refuses what arrives from now on; false if a task has arrived meanwhile. */
    boolean close() {
        return intake.close();
    }

    @Override
    void remove(QueuedTask<?, ?> task) {
        super.remove(task);
        room.wakeOne();
    }

    /** Waits for a change of this lane; says how much of the time is left. */
    long awaitRoom(long nanos) throws InterruptedException {
        return room.await(nanos);
    }

    void wakeAllRoom() {
        room.wakeAll();
    }
}

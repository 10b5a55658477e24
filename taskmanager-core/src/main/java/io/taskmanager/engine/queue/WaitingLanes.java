package io.taskmanager.engine.queue;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The lanes of the tasks that a worker may take, and which of them is next. Guarded by the lock of their queue. */
final class WaitingLanes {

    final Lane retry = new Lane();
    final BoundedLane priority;
    final BoundedLane main;

    private final int priorityBurstLimit;
    private int priorityStreak;
    private long accepted;

    WaitingLanes(int mainCapacity, int priorityCapacity, int priorityBurstLimit, ReentrantLock lock) {
        this.main = new BoundedLane(mainCapacity, lock.newCondition());
        this.priority = new BoundedLane(priorityCapacity, lock.newCondition());
        this.priorityBurstLimit = priorityBurstLimit;
    }

    BoundedLane of(QueuedTask<?, ?> task) {
        return switch (task.submittedTo()) {
            case MAIN -> main;
            case PRIORITY -> priority;
            case DIRECT -> throw new IllegalArgumentException("a direct task has no lane");
        };
    }

    boolean isEmpty() {
        return retry.isEmpty() && priority.isEmpty() && main.isEmpty();
    }

    /** How many tasks were accepted since the start. */
    long accepted() {
        return accepted;
    }

    /** Whether a task has arrived that is in no lane yet. By any thread, without the lock. */
    boolean hasArrivals() {
        return main.hasArrivals() || priority.hasArrivals();
    }

    /** Moves what has arrived to its lane. */
    void admitArrivals() {
        admitArrivals(priority);
        admitArrivals(main);
    }

    private void admitArrivals(BoundedLane lane) {
        QueuedTask<?, ?> task = lane.takeArrivals();
        while (task != null) {
            QueuedTask<?, ?> following = task.next;
            task.next = null;
            accepted++;
            lane.add(task);
            task = following;
        }
    }

    /** Adds a task to its lane; false if that is full. */
    boolean admit(QueuedTask<?, ?> task) {
        BoundedLane lane = of(task);
        settle(lane);
        if (!lane.offer(task)) {
            return false;
        }
        admitArrivals(lane);
        boolean armed = false;
        try {
            task.armWaiting();
            armed = true;
        } finally {
            if (!armed) { // no thread for the timer, say: then its caller is told by what was thrown
                accepted--;
                lane.remove(task);
            }
        }
        return true;
    }

    private void settle(BoundedLane lane) {
        while (!lane.settle()) {
            admitArrivals(lane);
        }
    }

    /** Counts a task in that is taken at once, in turn as any other; only while this is empty. */
    void passThrough(QueuedTask<?, ?> task) {
        task.armWaiting();
        accepted++;
        of(task).add(task);
        poll();
    }

    /** Puts back a task that was taken: before all others, whether there is room or not. */
    void putBack(QueuedTask<?, ?> task) {
        if (task.attempts() > 0) {
            retry.addFirst(task);
        } else {
            of(task).addFirst(task);
            settle(of(task));
        }
    }

    /** Refuses what arrives from now on. */
    void close() {
        for (BoundedLane lane : List.of(priority, main)) {
            while (!lane.close()) {
                admitArrivals(lane);
            }
            lane.signalAllRoom();
        }
    }

    @Nullable
    QueuedTask<?, ?> poll() {
        QueuedTask<?, ?> task = retry.poll();
        if (task != null) {
            return task;
        }
        boolean mainIsDue = priorityBurstLimit > 0 && priorityStreak >= priorityBurstLimit && !main.isEmpty();
        if (priority.isEmpty() || mainIsDue) {
            priorityStreak = 0;
            return main.poll();
        }
        priorityStreak++;
        return priority.poll();
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.TaskLane;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
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
        accepted += priority.admitArrivals();
        accepted += main.admitArrivals();
    }

    /** Adds a task to its lane; false if that is full. */
    boolean admit(QueuedTask<?, ?> task) {
        BoundedLane lane = of(task);
        lane.tellRoom();
        if (!lane.offer(task)) {
            return false;
        }
        admitArrivals();
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

    /** Counts a task in that is taken at once, in turn as any other; only while this is empty. */
    void passThrough(QueuedTask<?, ?> task) {
        task.armWaiting();
        accepted++;
        countStreak(task.submittedTo() == TaskLane.PRIORITY);
    }

    /** Puts back a task that was taken: before all others, whether there is room or not. */
    void putBack(QueuedTask<?, ?> task) {
        if (task.attempts() > 0) {
            retry.addFirst(task);
        } else {
            of(task).addFirst(task);
        }
    }

    /** Takes out a task, if it is here. */
    void remove(QueuedTask<?, ?> task) {
        if (task.lane == retry) {
            retry.remove(task);
        } else if (task.lane == null && task.submittedTo() != TaskLane.DIRECT) {
            of(task).remove(task);
        }
    }

    Stream<QueuedTask<?, ?>> stream() {
        return Stream.of(retry.stream(), priority.stream(), main.stream()).flatMap(tasks -> tasks);
    }

    /** Refuses what arrives from now on. */
    void close() {
        for (BoundedLane lane : List.of(priority, main)) {
            while (!lane.close()) {
                accepted += lane.admitArrivals();
            }
            lane.signalAllRoom();
        }
    }

    /**
     * The next task. Of those that have arrived, it takes over what it must know: main tasks only where no other is left,
     * so that a worker seldom looks where callers write.
     */
    @Nullable
    QueuedTask<?, ?> poll() {
        accepted += priority.admitArrivals();
        if (main.isEmpty()) {
            accepted += main.admitArrivals();
        }
        QueuedTask<?, ?> task = retry.poll();
        if (task != null) {
            return task;
        }
        boolean mainIsDue = priorityBurstLimit > 0 && priorityStreak >= priorityBurstLimit && !main.isEmpty();
        boolean isPriority = !priority.isEmpty() && !mainIsDue;
        countStreak(isPriority);
        return isPriority ? priority.poll() : main.poll();
    }

    private void countStreak(boolean isPriority) {
        if (isPriority) {
            priorityStreak++;
        } else if (priorityStreak > 0) {
            priorityStreak = 0;
        }
    }
}

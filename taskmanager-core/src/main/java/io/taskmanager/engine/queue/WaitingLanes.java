package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Waiters;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The lanes of the tasks that a worker may take, and which of them is next. Guarded by the lock of their queue. */
final class WaitingLanes {

    final Lane retry = new Lane();
    final BoundedLane priority;
    final BoundedLane main;

    private final int priorityBurstLimit;
    private final Ledger ledger;
    /** How many priority tasks were taken in a row; counted up to the limit, which is all that matters. */
    int priorityStreak;

    private long admitted;
    /** Whether a task that has ended may be among the arrivals: there was no memory to take it out. */
    private boolean hasLeftovers;

    WaitingLanes(int mainCapacity, int priorityCapacity, int priorityBurstLimit, ReentrantLock lock, Ledger ledger) {
        this.main = new BoundedLane(mainCapacity, new Waiters(lock), ledger);
        this.priority = new BoundedLane(priorityCapacity, new Waiters(lock), ledger);
        this.priorityBurstLimit = priorityBurstLimit;
        this.ledger = ledger;
    }

    BoundedLane of(QueuedTask<?, ?> task) {
        return switch (task.submittedTo()) {
            case MAIN -> main;
            case PRIORITY -> priority;
            case DIRECT -> throw new IllegalArgumentException("a direct task has no lane");
        };
    }

    /** Whether no task is in a lane; one may have arrived that is in none yet. */
    boolean isEmpty() {
        return retry.isEmpty() && priority.isEmpty() && main.isEmpty();
    }

    /** Whether a task waits, in a lane or in its intake. */
    boolean hasTasks() {
        return !isEmpty() || hasArrivals();
    }

    /** How many tasks wait. */
    int size() {
        return retry.size() + prioritySize() + mainSize();
    }

    int mainSize() {
        return main.size() + main.arrivals();
    }

    int prioritySize() {
        return priority.size() + priority.arrivals();
    }

    /** How many tasks were accepted since the start. */
    long accepted() {
        return admitted + priority.arrivals() + main.arrivals();
    }

    /** Whether a task has arrived that is in no lane yet. By any thread, without the lock. */
    boolean hasArrivals() {
        return main.hasArrivals() || priority.hasArrivals();
    }

    /** Moves what has arrived to its lane, if there is memory to do so. */
    void admitArrivals() {
        admitted += priority.admitArrivals();
        admitted += main.admitArrivals();
        if (hasLeftovers && !hasArrivals()) {
            hasLeftovers = false;
            priority.removeEnded();
            main.removeEnded();
        }
    }

    /** Adds a task to its lane; false if that is full. */
    boolean admit(QueuedTask<?, ?> task) {
        BoundedLane lane = of(task);
        lane.tellRoom();
        if (!lane.offer(task)) {
            return false;
        }
        try {
            task.armWaiting();
        } catch (Throwable e) { // no thread for the timer, say: then its caller is told by what was thrown
            if (task.withdraw()) {
                admitArrivals();
                removeWaiting(task);
                ledger.withdrawn();
                throw e;
            }
        }
        return true;
    }

    /** Requeues a task that was taken: before all others, whether there is room or not. */
    void requeue(QueuedTask<?, ?> task) {
        if (task.attempts() > 0) {
            retry.addFirst(task);
        } else {
            BoundedLane lane = of(task);
            lane.addFirst(task);
            lane.tellRoom();
        }
    }

    /** Takes out a task, if it is here. One that is not admitted yet, for want of memory, is left to be skipped. */
    void removeWaiting(QueuedTask<?, ?> task) {
        Lane lane = task.lane;
        if (lane == retry || lane == priority || lane == main) {
            lane.remove(task);
        } else if (priority.isStarved() || main.isStarved()) {
            hasLeftovers = true;
        }
    }

    /** Adds all that are in a lane to a list, in the order of the lanes. */
    void copyTo(List<? super QueuedTask<?, ?>> list) {
        retry.copyTo(list);
        priority.copyTo(list);
        main.copyTo(list);
    }

    /** Refuses what arrives from now on. */
    void close() {
        close(priority);
        close(main);
        admitArrivals();
    }

    private void close(BoundedLane lane) {
        while (!lane.close()) {
            admitted += lane.admitArrivals();
            if (lane.hasArrivals()) {
                Surely.pause(); // no memory
            }
        }
        lane.wakeAllRoom();
    }

    /**
     * The next task. Of those that have arrived, it takes over what it must know: main tasks only where no other is left,
     * so that a worker seldom looks where callers write. And it writes what changes alone: what all workers only read, none of
     * them has to fetch from another.
     */
    @Nullable
    QueuedTask<?, ?> poll() {
        if (priority.hasArrivals()) {
            admitted += priority.admitArrivals();
        }
        if (main.isEmpty()) {
            admitted += main.admitArrivals();
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
        if (!isPriority) {
            if (priorityStreak > 0) {
                priorityStreak = 0;
            }
        } else if (priorityStreak < priorityBurstLimit) {
            priorityStreak++;
        }
    }
}

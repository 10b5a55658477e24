package io.taskmanager.engine.queue;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks arrive for a bounded lane, without the lock that guards the lane: a stack, the latest on top (R. K. Treiber,
 * "Systems Programming: Coping with Parallelism", 1986). Whoever holds the lock moves them to the lane.
 *
 * <p>Each is given its position in the lane, the next after the one below it; what lies at the bottom tells the position of
 * the first. Positions are given up to a limit, where the lane would be full: so one compare-and-set both finds room and
 * takes it. The limit may be an old one: the lane may have shrunk since. So a stack that looks full is one to look at under
 * the lock.
 *
 * <p>Positions go round, from the greatest number to the least: two are compared by what lies between them, which is never more
 * than a lane has room for.
 */
final class Intake {

    /** What may be on top. */
    sealed interface Top permits TaskNode, Bottom {

        /** The position of the task that comes next. */
        int following();
    }

    /** A new one each time: so a compare-and-set can't be misled by one that comes again. */
    private record Bottom(int following) implements Top {

        static final Bottom CLOSED = new Bottom(0);
    }

    private static final AtomicReferenceFieldUpdater<Intake, Top> TOP =
            AtomicReferenceFieldUpdater.newUpdater(Intake.class, Top.class, "top");

    /** The position of the first task: a thousand before the numbers go round, so that many a test sees them do so. */
    static final int FIRST = Integer.MAX_VALUE - 1000;

    private volatile Top top = new Bottom(FIRST);
    /** Written under the lock. */
    private volatile int limit;
    /** Whether the last {@link #takeAll} found no memory. Under the lock. */
    private boolean starved;

    Intake(int capacity) {
        this.limit = FIRST + capacity;
    }

    /** Adds a task; false if there may be no room, or this is closed. By any thread, without the lock. */
    boolean offer(QueuedTask<?, ?> task) {
        Top before;
        do {
            before = top;
            if (before == Bottom.CLOSED || limit - before.following() <= 0) {
                return false;
            }
            task.arriveAfter(before);
        } while (!TOP.compareAndSet(this, before, task));
        return true;
    }

    /** Whether a task has arrived. By any thread. */
    boolean hasTasks() {
        return top instanceof QueuedTask;
    }

    /** How many tasks have arrived, the first of them at this position. Under the lock. */
    int countSince(int position) {
        return top instanceof QueuedTask<?, ?> newest ? newest.following() - position : 0;
    }

    /**
     * Takes out all tasks; gives the last to arrive, linked to those before it. Null if none has arrived, or there is no
     * memory to take them out. Under the lock.
     */
    @Nullable
    QueuedTask<?, ?> takeAll() {
        starved = false;
        while (top instanceof QueuedTask<?, ?> newest) {
            Bottom below;
            try {
                below = new Bottom(newest.following());
            } catch (OutOfMemoryError e) {
                starved = true;
                return null; // they stay, and whoever looks next takes them
            }
            if (TOP.compareAndSet(this, newest, below)) {
                return newest;
            }
        }
        return null;
    }

    boolean isStarved() {
        return starved;
    }

    /** Gives no position from this one on. Under the lock. */
    void allowBelow(int position) {
        limit = position;
    }

    /** Refuses all tasks from now on; false if one has arrived meanwhile. Under the lock. */
    boolean close() {
        return top instanceof Bottom before && TOP.compareAndSet(this, before, Bottom.CLOSED);
    }
}

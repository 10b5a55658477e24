package io.taskmanager.engine.queue;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks arrive for a bounded lane, without the lock that guards the lane: a stack, the latest on top (R. K. Treiber,
 * "Systems Programming: Coping with Parallelism", 1986). Whoever holds the lock moves them to the lane.
 *
 * <p>What lies at the bottom tells how many tasks were in the lane when the stack was last emptied, and each task how many
 * there are with it: so one compare-and-set both finds room and takes it. The lane may have shrunk since, so a stack that
 * looks full is one to {@link #settle}.
 */
final class Intake {

    /** What may be on top. */
    sealed interface Top permits QueuedTask, Bottom {

        /** How many tasks there are up to this one, those in the lane included; at least. */
        int depth();
    }

    /** Of two that are equal, one is as good as the other: so a compare-and-set can't be misled by one that is used again. */
    private record Bottom(int depth) implements Top {

        static final Bottom CLOSED = new Bottom(Integer.MAX_VALUE);
        private static final Bottom[] SMALL =
                IntStream.range(0, 128).mapToObj(Bottom::new).toArray(Bottom[]::new);

        static Bottom of(int depth) {
            return depth < SMALL.length ? SMALL[depth] : new Bottom(depth);
        }
    }

    private static final AtomicReferenceFieldUpdater<Intake, Top> TOP =
            AtomicReferenceFieldUpdater.newUpdater(Intake.class, Top.class, "top");

    private final int capacity;
    private volatile Top top = Bottom.of(0);
    /** The depth of the bottom. Guarded by the lock. */
    private int bottom;

    Intake(int capacity) {
        this.capacity = capacity;
    }

    /** Adds a task; false if there may be no room, or this is closed. By any thread, without the lock. */
    boolean offer(QueuedTask<?, ?> task) {
        Top before;
        do {
            before = top;
            if (before.depth() >= capacity) {
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

    /**
     * Takes out all tasks that have arrived. Under the lock.
     *
     * @param inLane how many are in the lane before them
     * @return the first, linked to the others in the order of their arrival; null if none has arrived
     */
    @Nullable
    QueuedTask<?, ?> takeAll(int inLane) {
        while (top instanceof QueuedTask<?, ?> newest) {
            if (replace(newest, inLane + newest.depth() - bottom)) {
                return inOrder(newest);
            }
        }
        return null;
    }

    /** Tells those who offer how many tasks are in the lane now; false if one has arrived meanwhile. Under the lock. */
    boolean settle(int inLane) {
        return !(top instanceof Bottom before) || before == Bottom.CLOSED || replace(before, inLane);
    }

    private boolean replace(Top before, int depth) {
        boolean replaced = TOP.compareAndSet(this, before, Bottom.of(depth));
        if (replaced) {
            bottom = depth;
        }
        return replaced;
    }

    /** Refuses all tasks from now on; false if one has arrived meanwhile. Under the lock. */
    boolean close() {
        return top instanceof Bottom before && TOP.compareAndSet(this, before, Bottom.CLOSED);
    }

    private static QueuedTask<?, ?> inOrder(QueuedTask<?, ?> newest) {
        QueuedTask<?, ?> first = newest;
        QueuedTask<?, ?> after = null;
        while (true) {
            QueuedTask<?, ?> before = first.next;
            first.next = after;
            if (before == null) {
                return first;
            }
            after = first;
            first = before;
        }
    }
}

package io.taskmanager.engine.queue;

import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that have arrived and wait, in the order of their arrival. They are kept in a ring, each at its position, so
 * that a task which passes through here is not touched: its memory may be in another processor's cache, and fetching it
 * would take longer than all else that is done under the lock. One that is taken out leaves a gap.
 *
 * <p>Guarded by the queue's lock, but for arrivals (see {@link Intake}). Callers may wait for room.
 */
final class BoundedLane {

    private final Intake intake;
    private final int capacity;
    private final Condition room;
    private int waitingForRoom;

    /** Its length is a power of two. */
    private @Nullable QueuedTask<?, ?>[] ring = new QueuedTask<?, ?>[16];

    /** The position of the first task, or the end. */
    private long head;
    /** The position of the next one to be added. */
    private long end;

    private int size;

    /** @param room where callers wait for room */
    BoundedLane(int capacity, Condition room) {
        this.capacity = capacity;
        this.intake = new Intake(capacity);
        this.room = room;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Lets a task arrive; false if there may be no room, or this is closed. By any thread, without the lock. */
    boolean offer(QueuedTask<?, ?> task) {
        return intake.offer(task);
    }

    /** Whether a task has arrived that is not among these yet. By any thread. */
    boolean hasArrivals() {
        return intake.hasTasks();
    }

    /** Takes in the tasks that have arrived; says how many. */
    int admitArrivals() {
        QueuedTask<?, ?> newest;
        do {
            newest = intake.newest();
            if (newest == null) {
                return 0;
            }
            makeRoom(newest.following()); // before they are taken out: they stay there if there is no memory
        } while (!intake.takeOut(newest));
        for (QueuedTask<?, ?> task = newest; task != null; ) {
            ring[at(task.position)] = task;
            QueuedTask<?, ?> earlier = task.next;
            task.next = null;
            task = earlier;
        }
        int added = (int) (newest.following() - end);
        end += added;
        size += added;
        return added;
    }

    /** Tells those who offer how many may arrive from now on. */
    void tellRoom() {
        intake.allowBelow(end - size + capacity);
    }

    /** Refuses what arrives from now on; false if a task has arrived meanwhile. */
    boolean close() {
        return intake.close();
    }

    private int at(long position) {
        return (int) position & (ring.length - 1);
    }

    /** Makes the ring long enough for what lies before a position. */
    private void makeRoom(long before) {
        if (before - head > ring.length && size <= ring.length / 2) {
            closeGaps();
        }
        if (before - head <= ring.length) {
            return;
        }
        int length = Integer.highestOneBit((int) (before - head) - 1) << 1;
        @Nullable QueuedTask<?, ?>[] longer = new QueuedTask<?, ?>[length];
        for (long p = head; p < end; p++) {
            longer[(int) p & (length - 1)] = ring[at(p)];
        }
        ring = longer;
    }

    /** Or a first task that stays, while others come and are cancelled, would have the ring grow for ever. */
    private void closeGaps() {
        long to = end;
        for (long p = end - 1; p >= head; p--) {
            QueuedTask<?, ?> task = ring[at(p)];
            if (task != null) {
                to--;
                ring[at(p)] = null;
                ring[at(to)] = task;
                task.position = to;
            }
        }
        head = to;
    }

    /** Before all others; for a task that was the first, so there may be more than the capacity by one. */
    void addFirst(QueuedTask<?, ?> task) {
        makeRoom(end + 1);
        head--;
        task.position = head;
        ring[at(head)] = task;
        size++;
        tellRoom();
    }

    @Nullable
    QueuedTask<?, ?> poll() {
        if (size == 0) {
            return null;
        }
        QueuedTask<?, ?> first = Objects.requireNonNull(ring[at(head)]);
        takeOut(head);
        return first;
    }

    /** Takes out a task, if it is here. */
    void remove(QueuedTask<?, ?> task) {
        long position = task.position;
        if (position >= head && position < end && ring[at(position)] == task) {
            takeOut(position);
        }
    }

    private void takeOut(long position) {
        ring[at(position)] = null;
        size--;
        while (head < end && ring[at(head)] == null) {
            head++;
        }
        if (waitingForRoom > 0) {
            room.signal();
        }
    }

    Stream<QueuedTask<?, ?>> stream() {
        return LongStream.range(head, end)
                .<QueuedTask<?, ?>>mapToObj(p -> ring[at(p)])
                .filter(Objects::nonNull);
    }

    /** Waits for a change of this lane; says how much of the time is left. */
    @SuppressWarnings("WaitNotInLoop") // the caller looks again, in a loop
    long awaitRoom(long nanos) throws InterruptedException {
        waitingForRoom++;
        try {
            return room.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // The signal may have been for this thread: pass it on, or a free slot would go unseen.
            room.signal();
            throw e;
        } finally {
            waitingForRoom--;
        }
    }

    void signalAllRoom() {
        room.signalAll();
    }
}

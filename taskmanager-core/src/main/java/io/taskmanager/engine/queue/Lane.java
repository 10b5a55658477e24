package io.taskmanager.engine.queue;

import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks in the order of their arrival, linked through the tasks themselves: adding, taking the first and
 * taking out any one cost the same however long it is, and allocate nothing. Guarded by the lock of its
 * {@link TaskQueue}; a task is in one lane at a time.
 */
final class Lane {

    private final int capacity;
    private final @Nullable Condition room;
    private int size;
    private int waiting;
    private @Nullable QueuedTask<?, ?> head;
    private @Nullable QueuedTask<?, ?> tail;

    private Lane(int capacity, @Nullable Condition room) {
        this.capacity = capacity;
        this.room = room;
    }

    static Lane unbounded() {
        return new Lane(Integer.MAX_VALUE, null);
    }

    /** @param room where callers wait for room */
    static Lane bounded(int capacity, Condition room) {
        return new Lane(capacity, room);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean isFull() {
        return size >= capacity;
    }

    void add(QueuedTask<?, ?> task) {
        task.lane = this;
        task.previous = tail;
        if (tail == null) {
            head = task;
        } else {
            tail.next = task;
        }
        tail = task;
        size++;
    }

    /** Before all others; for a task that was the first, so the lane may be over its capacity by one. */
    void addFirst(QueuedTask<?, ?> task) {
        task.lane = this;
        task.next = head;
        if (head == null) {
            tail = task;
        } else {
            head.previous = task;
        }
        head = task;
        size++;
    }

    @Nullable
    QueuedTask<?, ?> poll() {
        QueuedTask<?, ?> first = head;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(QueuedTask<?, ?> task) {
        QueuedTask<?, ?> before = task.previous;
        QueuedTask<?, ?> after = task.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        task.lane = null;
        task.previous = null;
        task.next = null;
        size--;
        signalRoom();
    }

    void forEach(Consumer<QueuedTask<?, ?>> action) {
        for (QueuedTask<?, ?> task = head; task != null; task = task.next) {
            action.accept(task);
        }
    }

    boolean anyMatch(Predicate<QueuedTask<?, ?>> condition) {
        for (QueuedTask<?, ?> task = head; task != null; task = task.next) {
            if (condition.test(task)) {
                return true;
            }
        }
        return false;
    }

    /** Waits for a change of this bounded lane; says how much of the time is left. */
    @SuppressWarnings("WaitNotInLoop") // the caller looks again, in a loop
    long awaitRoom(long nanos) throws InterruptedException {
        Condition condition = room;
        if (condition == null) {
            throw new IllegalStateException("an unbounded lane always has room");
        }
        waiting++;
        try {
            return condition.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // The signal may have been for this thread: pass it on, or a free slot would go unseen.
            condition.signal();
            throw e;
        } finally {
            waiting--;
        }
    }

    void signalAllRoom() {
        if (room != null) {
            room.signalAll();
        }
    }

    private void signalRoom() {
        if (room != null && waiting > 0) {
            room.signal();
        }
    }
}

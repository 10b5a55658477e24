package io.taskmanager.engine.queue;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks in the order of their arrival, linked through the tasks themselves: adding, taking the first and
 * taking out any one cost the same however long it is, and allocate nothing. Guarded by the lock of its
 * {@link TaskQueue}; a task is in one lane at a time.
 */
final class Lane {

    private int size;
    private @Nullable QueuedTask<?, ?> head;
    private @Nullable QueuedTask<?, ?> tail;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
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

    /** Before all others. */
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
    }

    Stream<QueuedTask<?, ?>> stream() {
        return Stream.<QueuedTask<?, ?>>iterate(head, Objects::nonNull, task -> task.next);
    }
}

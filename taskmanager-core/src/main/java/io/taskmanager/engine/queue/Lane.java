package io.taskmanager.engine.queue;

import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks in the order of their arrival, linked through the tasks themselves: adding, taking the first and
 * taking out any one cost the same however long it is, and allocate nothing. Guarded by the lock of its
 * {@link TaskQueue}; a task is in one lane at a time.
 */
class Lane {

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
        QueuedTask<?, ?> before = task == head ? null : task.previous;
        QueuedTask<?, ?> after = task.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else if (before != null) {
            after.previous = before; // not for the first: its memory is for the thread that takes it next
        }
        task.lane = null;
        task.previous = null;
        task.next = null;
        size--;
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
}

package io.taskmanager.engine.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of tasks in the order of their arrival, linked through the tasks themselves: adding, taking the first and
 * taking out any one cost the same however long it is, and need no memory. Guarded by the lock of its
 * {@link TaskQueue}; a task is in one lane at a time.
 *
 * <p>What the first one has for its {@code previous} means nothing. It may be one that has been taken: whoever takes the first
 * leaves the next alone, which another thread is about to take, and would have to fetch from it.
 */
class Lane {

    private int size;
    private @Nullable QueuedTask<?, ?> head;
    private @Nullable QueuedTask<?, ?> tail;

    final int size() {
        return size;
    }

    final boolean isEmpty() {
        return size == 0;
    }

    final void add(QueuedTask<?, ?> task) {
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

    /**
     * Adds tasks that are linked from the newest to the oldest, each by {@code next} to the one before it.
     *
     * @param count how many they are, at least 1
     */
    final void addAll(QueuedTask<?, ?> newest, int count) {
        QueuedTask<?, ?> last = tail;
        QueuedTask<?, ?> later = null;
        for (QueuedTask<?, ?> task = newest; task != null; ) {
            QueuedTask<?, ?> earlier = task.next;
            task.lane = this;
            task.previous = earlier == null ? last : earlier;
            task.next = later;
            later = task;
            task = earlier;
        }
        if (last == null) {
            head = later;
        } else {
            last.next = later;
        }
        tail = newest;
        size += count;
    }

    /** Before all others. */
    final void addFirst(QueuedTask<?, ?> task) {
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

    final @Nullable QueuedTask<?, ?> poll() {
        QueuedTask<?, ?> first = head;
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(QueuedTask<?, ?> task) {
        QueuedTask<?, ?> before = head == task ? null : task.previous;
        QueuedTask<?, ?> after = task.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else if (before != null) {
            after.previous = before;
        }
        task.lane = null;
        task.previous = null;
        task.next = null;
        size--;
    }

    /** Takes out all that have ended. */
    final void removeEnded() {
        for (QueuedTask<?, ?> task = head; task != null; ) {
            QueuedTask<?, ?> after = task.next;
            if (task.hasEnded()) {
                remove(task);
            }
            task = after;
        }
    }

    /** Adds all to a list, in order. */
    final void copyTo(List<? super QueuedTask<?, ?>> list) {
        for (QueuedTask<?, ?> task = head; task != null; task = task.next) {
            list.add(task);
        }
    }
}

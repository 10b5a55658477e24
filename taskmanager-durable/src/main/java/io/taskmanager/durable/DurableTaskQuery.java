package io.taskmanager.durable;

import org.jspecify.annotations.Nullable;

/**
 * Which tasks to list, newest first.
 *
 * @param type only tasks of the type of this name; null for all
 * @param state only tasks in this state; null for all
 * @param before only tasks that are older than this one; null for a start at the newest
 * @param limit how many at most, 1 to 1000
 */
public record DurableTaskQuery(
        @Nullable String type,
        @Nullable DurableTaskState state,
        @Nullable TaskId before,
        int limit) {

    /** The largest {@code limit}. */
    public static final int MAX_LIMIT = 1000;

    private static final int DEFAULT_LIMIT = 50;

    public DurableTaskQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
        }
    }

    /** The newest 50 tasks. */
    public static DurableTaskQuery all() {
        return new DurableTaskQuery(null, null, null, DEFAULT_LIMIT);
    }

    /** As this, only of one type. */
    public DurableTaskQuery type(TaskType<?, ?> type) {
        return type(type.name());
    }

    /** As this, only of the type of this name. */
    public DurableTaskQuery type(String type) {
        return new DurableTaskQuery(type, state, before, limit);
    }

    /** As this, only in one state. */
    public DurableTaskQuery state(DurableTaskState state) {
        return new DurableTaskQuery(type, state, before, limit);
    }

    /** As this, only those that are older: the next page, with {@link DurableTaskPage#next}. */
    public DurableTaskQuery before(TaskId before) {
        return new DurableTaskQuery(type, state, before, limit);
    }

    /** As this, at most so many. */
    public DurableTaskQuery limit(int limit) {
        return new DurableTaskQuery(type, state, before, limit);
    }
}

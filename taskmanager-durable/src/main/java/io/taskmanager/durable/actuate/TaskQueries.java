package io.taskmanager.durable.actuate;

import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a request says of the tasks to list; nothing in it is ignored or guessed. */
final class TaskQueries {

    private TaskQueries() {}

    /** @throws IllegalArgumentException naming what is wrong, its value and what is allowed */
    static DurableTaskQuery of(
            @Nullable String type, @Nullable String state, @Nullable String before, @Nullable String limit) {
        DurableTaskQuery query = DurableTaskQuery.all();
        if (type != null) {
            query = query.type(type);
        }
        if (state != null) {
            query = query.state(state(state));
        }
        if (before != null) {
            query = query.before(id(before));
        }
        return limit == null ? query : query.limit(number(limit));
    }

    private static DurableTaskState state(String text) {
        return Arrays.stream(DurableTaskState.values())
                .filter(state -> state.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("state must be one of "
                        + Arrays.stream(DurableTaskState.values())
                                .map(DurableTaskState::name)
                                .collect(Collectors.joining(", "))
                        + ", but was '" + text + "'"));
    }

    private static TaskId id(String text) {
        try {
            return TaskId.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("before must be the id of a task, but was '" + text + "'", e);
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "limit must be a whole number from 1 to " + DurableTaskQuery.MAX_LIMIT + ", but was '" + text + "'",
                    e);
        }
    }
}

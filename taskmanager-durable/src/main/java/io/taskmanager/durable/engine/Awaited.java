package io.taskmanager.durable.engine;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskException;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@link io.taskmanager.durable.DurableTaskClient#await} answers, whichever client asks. */
public final class Awaited {

    private Awaited() {}

    /** @throws IllegalArgumentException if the task is of another type */
    public static void checkType(DurableTask task, TaskType<?, ?> type) {
        if (!task.type().equals(type.name())) {
            throw new IllegalArgumentException("Task " + task.id() + " is of type \"" + task.type() + "\", and not \""
                    + type.name() + "\"; await it with its own type");
        }
    }

    /** For a task of the caller's own transaction. */
    public static IllegalStateException uncommitted(TaskId id) {
        return new IllegalStateException(
                "Task " + id + " was queued by the transaction that waits for it, and can't run"
                        + " before the commit; await it after that");
    }

    /**
     * The result of a task that has ended.
     *
     * @param result as {@link Json} has written it; asked for only if the task has SUCCEEDED
     */
    @SuppressWarnings("NullAway") // E has null in it where the handler returns null
    public static <E extends @Nullable Object> E result(
            DurableTask task, TaskType<?, E> type, Json json, Supplier<byte @Nullable []> result) {
        if (task.state() == DurableTaskState.SUCCEEDED) {
            return json.result(type, result.get());
        }
        if (task.state() == DurableTaskState.CANCELLED) {
            throw new TaskCancelledException("Task " + task.id() + " was cancelled");
        }
        throw new DurableTaskException(task.id(), task.state(), task.lastError(), task.lastErrorMessage());
    }
}

package io.taskmanager.durable;

import io.taskmanager.TaskManagerException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A durable task has come to an end without a result: FAILED, DEAD_LETTER or LOST. */
public class DurableTaskException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    private final UUID taskId;
    private final DurableTaskState state;
    private final @Nullable String error;

    public DurableTaskException(
            TaskId taskId, DurableTaskState state, @Nullable String error, @Nullable String message) {
        super(
                "Task " + taskId + " is " + state + (error == null ? "" : ": " + error)
                        + (message == null ? "" : ": " + message),
                null);
        this.taskId = taskId.value();
        this.state = state;
        this.error = error;
    }

    public TaskId taskId() {
        return new TaskId(taskId);
    }

    public DurableTaskState state() {
        return state;
    }

    /** The class of what its handler has thrown, on whichever node that was. */
    public Optional<String> error() {
        return Optional.ofNullable(error);
    }
}

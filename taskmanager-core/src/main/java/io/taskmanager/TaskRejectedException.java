package io.taskmanager;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A task was not accepted; it has not run and will not. */
public class TaskRejectedException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public TaskRejectedException(Reason reason, String message) {
        this(reason, message, null);
    }

    public TaskRejectedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why the task was refused. */
    public Reason reason() {
        return reason;
    }

    /** Why a task was refused. */
    public enum Reason {
        /** The manager was stopped or killed. */
        SHUTTING_DOWN,
        /** The task's lane was full, or too many callbacks wait: see {@link TaskManagerConfig#callbackExecutor()}. */
        QUEUE_FULL,
        /** The task's lane stayed full for {@link TaskManagerConfig#enqueueTimeout()}. */
        ENQUEUE_TIMEOUT,
        /** The task's deadline had passed. */
        DEADLINE,
        /**
         * No resource came free within {@link TaskManagerConfig#acquireTimeout()}, or a blocking form waited for as long
         * while the manager could create none or was paused.
         */
        NO_RESOURCE
    }
}

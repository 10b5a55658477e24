package io.taskmanager;

import org.jspecify.annotations.Nullable;

/** The base of what a manager throws, except for cancellation, which is a {@link TaskCancelledException}. */
public class TaskManagerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TaskManagerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

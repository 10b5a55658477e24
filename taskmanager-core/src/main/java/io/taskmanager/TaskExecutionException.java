package io.taskmanager;

/** A task threw. The cause, never null, is what it threw. */
public class TaskExecutionException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    public TaskExecutionException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.taskmanager;

/** A task ran into a time limit. */
public class TaskTimeoutException extends TaskManagerException {

    private static final long serialVersionUID = 1L;

    public TaskTimeoutException(String message) {
        super(message, null);
    }
}

package io.taskmanager;

import java.util.concurrent.CancellationException;

/** A task was cancelled: by its caller, or because its manager was killed. */
public class TaskCancelledException extends CancellationException {

    private static final long serialVersionUID = 1L;

    public TaskCancelledException(String message) {
        super(message);
    }
}

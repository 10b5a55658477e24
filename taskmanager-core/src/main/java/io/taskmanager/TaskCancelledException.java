package io.taskmanager;

import java.util.concurrent.CancellationException;

/** A task was cancelled: by its caller, or because its manager was killed. */
public class TaskCancelledException extends CancellationException {

    private static final long serialVersionUID = 1L;

    /** False until the constructors of the superclasses have returned, which ask for the stack. */
    private final boolean hasStack;

    public TaskCancelledException(String message) {
        this(message, true);
    }

    /**
     * @param writableStackTrace false for an exception without a stack, as of one of many tasks that a kill cancels: it would
     *     be that of the kill
     */
    public TaskCancelledException(String message, boolean writableStackTrace) {
        super(message);
        hasStack = writableStackTrace;
        fillInStackTrace();
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return hasStack ? super.fillInStackTrace() : this;
    }
}

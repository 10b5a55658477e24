package io.taskmanager.durable.engine;

import org.jspecify.annotations.Nullable;

/** Durable tasks can't be set up. The message says what is wrong, the action what to do. */
public final class SetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    public SetupException(String message, String action) {
        this(message, action, null);
    }

    public SetupException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    public String action() {
        return action;
    }
}

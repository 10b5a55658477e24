package io.taskmanager.spring.autoconfigure;

/** The managers can't be set up as configured. The message says what is wrong, the action what to write instead. */
final class TaskManagerConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    TaskManagerConfigurationException(String message, String action) {
        super(message);
        this.action = action;
    }

    TaskManagerConfigurationException(String message, String action, Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}

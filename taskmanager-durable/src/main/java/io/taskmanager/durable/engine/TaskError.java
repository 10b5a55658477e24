package io.taskmanager.durable.engine;

import org.jspecify.annotations.Nullable;

/** What is kept of an error: there may be no such class on the node that reads it. */
public record TaskError(String type, @Nullable String message) {

    private static final int MAX_LENGTH = 1000;

    public static TaskError of(Throwable error) {
        return new TaskError(shortened(error.getClass().getName(), 200), message(error));
    }

    /** An error's own code makes its message, and may throw. */
    private static @Nullable String message(Throwable error) {
        try {
            String message = error.getMessage();
            return message == null ? null : shortened(message.replace("\0", ""), MAX_LENGTH);
        } catch (RuntimeException e) {
            return "(its message can't be read: " + e.getClass().getName() + ")";
        }
    }

    private static String shortened(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}

package io.taskmanager.durable;

import java.util.Objects;
import java.util.UUID;

/**
 * Names one durable task.
 *
 * @param value a UUID of version 7 (RFC 9562), where the client has made it: later ones are greater
 */
public record TaskId(UUID value) {

    public TaskId {
        Objects.requireNonNull(value, "value");
    }

    /**
     * Reads what {@link #toString} has written.
     *
     * @throws IllegalArgumentException if it is no UUID
     */
    public static TaskId of(String value) {
        return new TaskId(UUID.fromString(value));
    }

    /** The UUID alone. */
    @Override
    public String toString() {
        return value.toString();
    }
}

package io.taskmanager.durable;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a durable task is: a name that all nodes know, what it is given and what it answers. Two types are one if their names are.
 *
 * @param name what the database calls it; at most 100 characters, and the same for as long as tasks of it are kept
 * @param payloadType read from JSON by Jackson, so fields may be added, and fields that are no longer known are skipped
 * @param resultType written as JSON, and read from it; {@code Void.class} if there is none
 * @param <P> the payload
 * @param <E> the result
 */
public record TaskType<P, E extends @Nullable Object>(String name, Class<P> payloadType, Class<E> resultType) {

    /** The longest name. */
    public static final int MAX_NAME_LENGTH = 100;

    public TaskType {
        Objects.requireNonNull(payloadType, "payloadType");
        Objects.requireNonNull(resultType, "resultType");
        if (name.isBlank() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name must have 1 to " + MAX_NAME_LENGTH
                    + " characters, and not blanks alone, but was \"" + name + "\"");
        }
    }

    public static <P, E extends @Nullable Object> TaskType<P, E> of(
            String name, Class<P> payloadType, Class<E> resultType) {
        return new TaskType<>(name, payloadType, resultType);
    }
}

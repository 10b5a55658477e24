package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Payloads and results by the application's mapper; {@link TaskData} in a form of our own, which no setting of that changes. */
public final class Json {

    private static final byte END_OF_HEADER = '\n';

    private final JsonMapper mapper;
    private final int maxBytes;
    private final JsonMapper own = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** @param maxBytes the longest payload, and the longest result */
    public Json(JsonMapper mapper, int maxBytes) {
        // What an older or a newer version of the application has written has other fields.
        this.mapper = mapper.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        this.maxBytes = maxBytes;
    }

    /**
     * For what can be known of a type's classes before there is a task.
     *
     * @param who has the type, as in a sentence's beginning
     * @throws SetupException if payloads or results can't be written or read, whatever is in them
     */
    void check(String who, TaskType<?, ?> type) {
        check(who, "payload", type, type.payloadType(), "");
        if (type.resultType() != Void.class) {
            check(who, "result", type, type.resultType(), " Where nobody wants the result, let it be Void.class.");
        }
    }

    private void check(String who, String what, TaskType<?, ?> type, Class<?> checked, String alternative) {
        new JsonCheck(mapper).refusal(checked).ifPresent(refusal -> {
            throw new SetupException(
                    who + " is of the type \"" + type.name() + "\", whose " + what + ", a " + checked.getName() + ", "
                            + refusal + ".",
                    "Make that class a record, or annotate one of its constructors with @JsonCreator. Where it is abstract,"
                            + " say with @JsonTypeInfo and @JsonSubTypes what it may be." + alternative);
        });
    }

    /** @throws IllegalArgumentException if it can't be written, or is too long */
    public byte[] payload(TaskType<?, ?> type, Object payload) {
        return write("The payload", type, payload);
    }

    /** @throws IllegalArgumentException as {@link #payload} */
    public byte @Nullable [] result(TaskType<?, ?> type, @Nullable Object result) {
        return result == null ? null : write("The result", type, result);
    }

    private byte[] write(String what, TaskType<?, ?> type, Object value) {
        byte[] bytes;
        try {
            bytes = mapper.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    what + " of a task of type \"" + type.name() + "\", a "
                            + value.getClass().getName() + ", can't be written as JSON: " + e.getOriginalMessage(),
                    e);
        }
        if (bytes.length > maxBytes) {
            throw new IllegalArgumentException(what + " of a task of type \"" + type.name() + "\" has " + bytes.length
                    + " bytes as JSON, and taskmanager.durable.max-payload-size is " + maxBytes
                    + "; store it elsewhere and queue where it is, or raise that");
        }
        return bytes;
    }

    /** @throws IllegalArgumentException if it can't be read as the type's */
    public <P> P payload(TaskType<P, ?> type, byte[] payload) {
        return read("The payload", type, payload, type.payloadType());
    }

    /** @throws IllegalArgumentException if it can't be read as the type's */
    public <E extends @Nullable Object> @Nullable E result(TaskType<?, E> type, byte @Nullable [] result) {
        return result == null ? null : read("The result", type, result, type.resultType());
    }

    private <T> T read(String what, TaskType<?, ?> type, byte[] bytes, Class<T> as) {
        try {
            return mapper.readValue(bytes, as);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    what + " of a task of type \"" + type.name() + "\" can't be read as a " + as.getName() + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    byte[] write(TaskData data) {
        byte[] header = own.writeValueAsBytes(data.header());
        byte[] bytes = Arrays.copyOf(header, header.length + 1 + data.payload().length);
        bytes[header.length] = END_OF_HEADER;
        System.arraycopy(data.payload(), 0, bytes, header.length + 1, data.payload().length);
        return bytes;
    }

    /** What {@link #data} can't read has no more than an error that says so. */
    TaskData.Header header(byte[] bytes) {
        try {
            return data(bytes).header();
        } catch (IllegalArgumentException e) {
            return TaskData.Header.unreadable(TaskError.of(e));
        }
    }

    /** @throws IllegalArgumentException if it is none of ours */
    TaskData data(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != END_OF_HEADER) {
            end++;
        }
        try {
            TaskData.Header header = own.readValue(bytes, 0, end, TaskData.Header.class);
            if (header == null) {
                throw new IllegalArgumentException("A task's data can't be read: its header is null");
            }
            return new TaskData(header, Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("A task's data can't be read: " + e.getOriginalMessage(), e);
        }
    }
}

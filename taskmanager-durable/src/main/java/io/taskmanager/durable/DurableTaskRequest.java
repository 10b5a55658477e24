package io.taskmanager.durable;

import io.taskmanager.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One task to be queued, with all that may be said of it. Immutable.
 *
 * @param <P> the payload
 */
public final class DurableTaskRequest<P> {

    /** The longest key. */
    public static final int MAX_KEY_LENGTH = 200;

    private final TaskType<P, ?> type;
    private final P payload;
    private final @Nullable String key;
    private final boolean priority;
    private final boolean once;
    private final @Nullable Duration delay;
    private final @Nullable Instant at;
    private final @Nullable Integer maxRetries;
    private final @Nullable Backoff backoff;

    private DurableTaskRequest(Builder<P> builder) {
        this.type = builder.type;
        this.payload = builder.payload;
        this.key = builder.key;
        this.priority = builder.priority;
        this.once = builder.once;
        this.delay = builder.delay;
        this.at = builder.at;
        this.maxRetries = builder.maxRetries;
        this.backoff = builder.backoff;
    }

    /** A task of the main lane, due now, at least once. */
    public static <P> DurableTaskRequest<P> of(TaskType<P, ?> type, P payload) {
        return builder(type, payload).build();
    }

    /** Starts from {@link #of}. */
    public static <P> Builder<P> builder(TaskType<P, ?> type, P payload) {
        return new Builder<>(type, payload);
    }

    public TaskType<P, ?> type() {
        return type;
    }

    public P payload() {
        return payload;
    }

    /** What makes two requests of one type the same task. */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /** Whether the task goes to the priority lane. */
    public boolean priority() {
        return priority;
    }

    /** Whether the task starts at most once. */
    public boolean once() {
        return once;
    }

    /** How long after its queuing the task may start. */
    public Optional<Duration> delay() {
        return Optional.ofNullable(delay);
    }

    /** When the task may start. */
    public Optional<Instant> at() {
        return Optional.ofNullable(at);
    }

    /** How often the task is delivered again after errors, if it differs from {@code taskmanager.durable.retry.max-retries}. */
    public OptionalInt maxRetries() {
        return maxRetries == null ? OptionalInt.empty() : OptionalInt.of(maxRetries);
    }

    /** The delays before that, if they differ from {@code taskmanager.durable.retry.backoff}. */
    public Optional<Backoff> backoff() {
        return Optional.ofNullable(backoff);
    }

    @Override
    public String toString() {
        return "DurableTaskRequest[type=" + type.name() + ", key=" + key + ", priority=" + priority + ", once=" + once
                + ", delay=" + delay + ", at=" + at + ", maxRetries=" + maxRetries + ", backoff=" + backoff + "]";
    }

    /** Builds {@link DurableTaskRequest}. Not for use by several threads at a time. */
    public static final class Builder<P> {

        private final TaskType<P, ?> type;
        private final P payload;
        private @Nullable String key;
        private boolean priority;
        private boolean once;
        private @Nullable Duration delay;
        private @Nullable Instant at;
        private @Nullable Integer maxRetries;
        private @Nullable Backoff backoff;

        private Builder(TaskType<P, ?> type, P payload) {
            this.type = Objects.requireNonNull(type, "type");
            this.payload = Objects.requireNonNull(payload, "payload");
        }

        /**
         * Makes this the same task as any other request of its type with this key, for as long as the first one's row is kept (see
         * {@code taskmanager.durable.retention}): it gets that one's id, and nothing is queued.
         */
        public Builder<P> key(String key) {
            if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
                throw new IllegalArgumentException("key must have 1 to " + MAX_KEY_LENGTH
                        + " characters, and not blanks alone, but was \"" + key + "\"");
            }
            this.key = key;
            return this;
        }

        /** Uses the priority lane: before all of the main lane that is due. */
        public Builder<P> priority() {
            this.priority = true;
            return this;
        }

        /** Starts the task at most once: what becomes of it after a start is its end, FAILED after an error, LOST with its node. */
        public Builder<P> once() {
            this.once = true;
            return this;
        }

        /** Lets the task start so long after it was queued, and not before. */
        public Builder<P> delay(Duration delay) {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay must not be negative, but was " + delay);
            }
            this.delay = delay;
            return this;
        }

        /** Lets the task start then, by its node's clock, and not before; at once if it is past. */
        public Builder<P> at(Instant at) {
            this.at = Objects.requireNonNull(at, "at");
            return this;
        }

        /** Delivers the task again after at most so many errors; 0 for never. */
        public Builder<P> maxRetries(int maxRetries) {
            if (maxRetries < 0) {
                throw new IllegalArgumentException(
                        "maxRetries must not be negative, but was " + maxRetries + "; use 0 for no retries");
            }
            this.maxRetries = maxRetries;
            return this;
        }

        /** Waits so before each of them. */
        public Builder<P> backoff(Backoff backoff) {
            this.backoff = Objects.requireNonNull(backoff, "backoff");
            return this;
        }

        /**
         * Builds the request.
         *
         * @throws IllegalArgumentException if it has a delay and a time, or retries though it runs once
         */
        public DurableTaskRequest<P> build() {
            if (delay != null && at != null) {
                throw new IllegalArgumentException(
                        "delay was " + delay + " and at was " + at + "; leave out one of them");
            }
            if (once && maxRetries != null && maxRetries > 0) {
                throw new IllegalArgumentException(
                        "maxRetries was " + maxRetries + " for a task that runs once; leave out once() or maxRetries");
            }
            return new DurableTaskRequest<>(this);
        }
    }
}

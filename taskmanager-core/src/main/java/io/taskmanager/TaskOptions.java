package io.taskmanager;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The options of one task, for {@link TaskManager#submit}. Immutable; may be shared by many tasks. */
public final class TaskOptions {

    private final @Nullable String name;
    private final boolean priority;
    private final boolean once;
    private final @Nullable Integer maxRetries;
    private final @Nullable Duration timeout;
    private final @Nullable Duration queueTimeout;
    private final @Nullable Instant deadline;
    private final Map<String, String> tags;

    private TaskOptions(Builder builder) {
        this.name = builder.name;
        this.priority = builder.priority;
        this.once = builder.once;
        this.maxRetries = builder.maxRetries;
        this.timeout = builder.timeout;
        this.queueTimeout = builder.queueTimeout;
        this.deadline = builder.deadline;
        this.tags = Map.copyOf(builder.tags);
    }

    /** Starts from: no name, no tag, no deadline, main lane; retries and timeouts as the manager's config says. */
    public static Builder builder() {
        return new Builder();
    }

    /** The task's name in logs and in its {@link TaskContext}. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** Whether the task goes to the priority lane. */
    public boolean priority() {
        return priority;
    }

    /** Whether the task is never retried. */
    public boolean once() {
        return once;
    }

    /** How often the task is retried, if it differs from the manager's config. */
    public OptionalInt maxRetries() {
        return maxRetries == null ? OptionalInt.empty() : OptionalInt.of(maxRetries);
    }

    /** How long each attempt may run, if it differs from the manager's config. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** How long the task may wait for its first start, if it differs from the manager's config. */
    public Optional<Duration> queueTimeout() {
        return Optional.ofNullable(queueTimeout);
    }

    /** When the answer is due, whatever the task is doing then. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** What the submitter says of the task, for listeners. */
    public Map<String, String> tags() {
        return tags;
    }

    @Override
    public String toString() {
        return "TaskOptions[name=" + name + ", priority=" + priority + ", once=" + once + ", maxRetries=" + maxRetries
                + ", timeout=" + timeout + ", queueTimeout=" + queueTimeout + ", deadline=" + deadline + ", tags="
                + tags + "]";
    }

    /** Builds {@link TaskOptions}. Not for use by several threads at a time. */
    public static final class Builder {

        private @Nullable String name;
        private boolean priority;
        private boolean once;
        private @Nullable Integer maxRetries;
        private @Nullable Duration timeout;
        private @Nullable Duration queueTimeout;
        private @Nullable Instant deadline;
        private final Map<String, String> tags = new HashMap<>();

        private Builder() {}

        /** Names the task in logs and in its {@link TaskContext}. */
        public Builder name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** Uses the priority lane. */
        public Builder priority() {
            this.priority = true;
            return this;
        }

        /** Never retries the task. */
        public Builder once() {
            this.once = true;
            return this;
        }

        /** Retries the task at most so often, whatever the manager's config says; 0 for never. */
        public Builder maxRetries(int maxRetries) {
            if (maxRetries < 0) {
                throw new IllegalArgumentException(
                        "maxRetries must not be negative, but was " + maxRetries + "; use 0 for no retries");
            }
            this.maxRetries = maxRetries;
            return this;
        }

        /**
         * Bounds the run of each attempt: past it the context is cancelled, the thread interrupted, and the task
         * answered with {@link TaskTimeoutException}. It is not retried.
         */
        public Builder timeout(Duration timeout) {
            this.timeout = positive("timeout", timeout);
            return this;
        }

        /** Bounds the wait for the first start; past it the task is answered with {@link TaskTimeoutException}. */
        public Builder queueTimeout(Duration queueTimeout) {
            this.queueTimeout = positive("queueTimeout", queueTimeout);
            return this;
        }

        /**
         * Sets when the answer is due: past it the task is answered with {@link TaskTimeoutException}, waiting or
         * running; a task that is submitted past it is rejected with {@link TaskRejectedException.Reason#DEADLINE}.
         */
        public Builder deadline(Instant deadline) {
            this.deadline = Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /** Says something of the task, for listeners; replaces what was said under this key. */
        public Builder tag(String key, String value) {
            tags.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
            return this;
        }

        private static Duration positive(String option, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(
                        option + " must be positive, but was " + value + "; leave it out for no limit");
            }
            if (value.toSeconds() > TaskManagerSettings.MAX_SECONDS) {
                throw new IllegalArgumentException(option + " must be at most 100 years, but was " + value);
            }
            return value;
        }

        /**
         * Builds the options.
         *
         * @throws IllegalArgumentException if the task is to run once and yet has retries
         */
        public TaskOptions build() {
            if (once && maxRetries != null && maxRetries > 0) {
                throw new IllegalArgumentException(
                        "maxRetries was " + maxRetries + " for a task that runs once; leave out once() or maxRetries");
            }
            return new TaskOptions(this);
        }
    }
}

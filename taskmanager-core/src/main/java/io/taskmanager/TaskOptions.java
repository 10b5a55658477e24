package io.taskmanager;

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

    private TaskOptions(Builder builder) {
        this.name = builder.name;
        this.priority = builder.priority;
        this.once = builder.once;
        this.maxRetries = builder.maxRetries;
    }

    /** Starts from: no name, main lane, retried as the manager's config says. */
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

    @Override
    public String toString() {
        return "TaskOptions[name=" + name + ", priority=" + priority + ", once=" + once + ", maxRetries=" + maxRetries
                + "]";
    }

    /** Builds {@link TaskOptions}. Not for use by several threads at a time. */
    public static final class Builder {

        private @Nullable String name;
        private boolean priority;
        private boolean once;
        private @Nullable Integer maxRetries;

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

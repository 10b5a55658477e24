package io.taskmanager;

import org.jspecify.annotations.Nullable;

/**
 * Where a manager logs. Formats are those of {@link java.util.Formatter}; an argument beyond those that the format
 * names, last and a {@link Throwable}, is the cause. Called by any thread; what it throws is not passed on.
 */
public interface Logger {

    /** Details of each task and resource. Called only if {@link #isDebugEnabled()}. */
    void debugf(String format, @Nullable Object... args);

    /** The manager's start, scaling and stop. */
    void infof(String format, @Nullable Object... args);

    /** Something failed, and the manager goes on: a resource replaced, a creation that will be tried again. */
    void warnf(String format, @Nullable Object... args);

    /** Something failed that needs a look: a callback or collector that throws, a task that would not end. */
    void errorf(String format, @Nullable Object... args);

    /** Whether {@link #debugf} would log. Called often; must be quick. */
    default boolean isDebugEnabled() {
        return true;
    }
}

package io.taskmanager.engine.support;

/** Time, in nanoseconds from an arbitrary origin, as {@link System#nanoTime()}; compare readings by difference. */
@FunctionalInterface
public interface Ticker {

    long nanos();
}

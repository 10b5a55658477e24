package io.taskmanager.engine.support;

import java.time.Duration;

/**
 * A clock that also runs actions later. The engine reads time and waits for it through this alone.
 *
 * <p>An action must be quick, and bear being run again from its beginning where it threw {@link OutOfMemoryError}: see
 * {@link GuardedTimer}, which every manager has around its timer.
 */
public interface Timer extends Ticker, AutoCloseable {

    /**
     * Has the timer's thread, so that no later call fails for want of one. Without this, the first action starts it.
     *
     * @throws OutOfMemoryError if it can't be had
     */
    default void start() {}

    /** Runs an action once, after a delay, on the timer's thread. Not run if the timer is closed before. */
    Cancellable after(Duration delay, Runnable action);

    /** Runs an action again and again, each run a delay after the end of the last, on the timer's thread. */
    Cancellable every(Duration delay, Runnable action);

    /** Ends the timer; what was not yet run is dropped. */
    @Override
    void close();

    /** An action that has not run yet, perhaps. */
    @FunctionalInterface
    interface Cancellable {
        void cancel();
    }
}

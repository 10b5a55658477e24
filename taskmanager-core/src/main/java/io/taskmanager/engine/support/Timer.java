package io.taskmanager.engine.support;

import java.time.Duration;

/** A clock that also runs actions later. The engine reads time and waits for it through this alone. */
public interface Timer extends Ticker, AutoCloseable {

    /**
     * Runs an action once, after a delay, on the timer's thread. The action must be quick and must not throw. Not run if
     * the timer is closed before.
     */
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

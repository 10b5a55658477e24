package io.taskmanager.engine.queue;

import io.taskmanager.TaskTimeoutException;
import org.jspecify.annotations.Nullable;

/** A run of a task, as its canceller sees it. */
public interface Attempt {

    /**
     * Has the task know that it is cancelled and, if asked to, interrupts its thread; does nothing once it has ended.
     *
     * @return what the task wants done when it is cancelled, for the caller to run once: the attempt does not end before
     */
    Runnable cancel(boolean interrupt);

    /** Whether another may follow where this one runs too long: then the user's code is asked. */
    default boolean mayBeRetried() {
        return false;
    }

    /**
     * Tells an attempt that it has run too long. If another is to follow, it is cancelled and interrupted, and its own thread
     * sees to the rest. Calls user code.
     *
     * @param number the attempt that is meant
     * @param onAbandoned run, on the timer's thread, if that user code does not return: then no other is to follow
     * @return what the task wants done when it is cancelled, for the caller to run once; null if no other is to follow: then
     *     nothing was done
     */
    default @Nullable Runnable timeOut(int number, TaskTimeoutException error, Runnable onAbandoned) {
        return null;
    }
}

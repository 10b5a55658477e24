package io.taskmanager.engine.queue;

/** A run of a task, as its canceller sees it. */
public interface Attempt {

    /**
     * Has the task know that it is cancelled and, if asked to, interrupts its thread; does nothing once it has ended.
     *
     * @return what the task wants done when it is cancelled, for the caller to run once: the attempt does not end before
     */
    Runnable cancel(boolean interrupt);
}

package io.taskmanager.engine.queue;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Surely;
import org.jspecify.annotations.Nullable;

/** The answer of a task that did not end by itself, and what its canceller has left to do. */
final class EarlyEnd implements Runnable {

    private final QueuedTask<?, ?> task;
    private final Throwable error;
    Runnable rest = QueuedTask.NOTHING;

    EarlyEnd(QueuedTask<?, ?> task, Throwable error) {
        this.task = task;
        this.error = error;
    }

    static EarlyEnd cancelled(QueuedTask<?, ?> task, String reason) {
        return new EarlyEnd(task, new TaskCancelledException(unfinished(task, reason)));
    }

    /** One of many that are cancelled at once: few of their messages are ever read. Waits for memory if there is none. */
    static EarlyEnd cancelledWithMany(QueuedTask<?, ?> task, String reason) {
        while (true) {
            try {
                return new EarlyEnd(task, new TaskCancelledException(() -> unfinished(task, reason)));
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private static String unfinished(QueuedTask<?, ?> task, String reason) {
        return task.describe() + " did not finish: " + reason;
    }

    /**
     * Answers the task, and does the rest. The attempt ends no sooner than that, and the manager with it: so while there is a
     * rest, what hangs on the future is within the manager, and can't wait for it.
     */
    @Override
    public void run() {
        if (rest == QueuedTask.NOTHING) {
            task.failWith(error);
            return;
        }
        Frame before = enterQueue();
        try {
            task.failWith(error);
        } finally {
            Frame.restore(before);
            rest.run();
        }
    }

    private @Nullable Frame enterQueue() {
        while (true) {
            try {
                Frame before = Frame.current();
                Frame.enter(task.queue().owner());
                return before;
            } catch (OutOfMemoryError e) {
                Surely.pause(); // what hangs on the future may ask what it is within
            }
        }
    }
}

package io.taskmanager.concurrency;

import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import java.util.concurrent.atomic.AtomicInteger;

/** An attempt that only counts how often its canceller came. */
final class CountingAttempt implements Attempt {

    private final AtomicInteger cancels = new AtomicInteger();

    int cancels() {
        return cancels.get();
    }

    @Override
    public Runnable cancel(boolean interrupt) {
        cancels.incrementAndGet();
        return QueuedTask.NOTHING;
    }
}

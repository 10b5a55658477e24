package io.taskmanager.concurrency;

import io.taskmanager.engine.queue.Attempt;
import java.util.concurrent.atomic.AtomicInteger;

/** An attempt that only counts how often its canceller came. */
final class CountingAttempt implements Attempt {

    private static final Runnable NOTHING = () -> {};

    private final AtomicInteger cancels = new AtomicInteger();

    int cancels() {
        return cancels.get();
    }

    @Override
    public Runnable cancel(boolean interrupt) {
        cancels.incrementAndGet();
        return NOTHING;
    }

    @Override
    public boolean runsOn(Thread thread) {
        return false;
    }
}

package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real time, with one daemon thread that is started by the first action. */
public final class SystemTimer implements Timer {

    private final ScheduledThreadPoolExecutor executor;

    public SystemTimer(String threadName) {
        // Discarding: an abandoned worker may still ask for a delay after the end.
        executor =
                new ScheduledThreadPoolExecutor(1, Threads.daemon(threadName), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        return cancellable(executor.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public Cancellable every(Duration delay, Runnable action) {
        long nanos = delay.toNanos();
        return cancellable(executor.scheduleWithFixedDelay(action, nanos, nanos, TimeUnit.NANOSECONDS));
    }

    private static Cancellable cancellable(Future<?> future) {
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The real time, with one daemon thread, which is started by {@link #start} or by the first action. */
public final class SystemTimer implements Timer {

    private static final long REVIVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ScheduledThreadPoolExecutor executor;

    public SystemTimer(String threadName) {
        ThreadFactory threads = Threads.daemon(threadName);
        // Discarding: an abandoned worker may still ask for a delay after the end.
        executor = new ScheduledThreadPoolExecutor(
                1, loop -> threads.newThread(() -> keepAlive(loop)), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Runs the executor's loop, which dies where its wait finds no memory; the executor may find none for another, then. */
    private void keepAlive(Runnable loop) {
        try {
            loop.run();
        } catch (Throwable e) {
            revive();
            throw e;
        }
    }

    private void revive() {
        while (!executor.isShutdown()) {
            try {
                start(); // nothing, if the executor has
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(REVIVAL_NANOS);
            }
        }
    }

    @Override
    public void start() {
        boolean unused = executor.prestartCoreThread();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        return cancellable(executor.schedule(action, Waits.nanos(delay), TimeUnit.NANOSECONDS));
    }

    @Override
    public Cancellable every(Duration delay, Runnable action) {
        long nanos = Waits.nanos(delay);
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

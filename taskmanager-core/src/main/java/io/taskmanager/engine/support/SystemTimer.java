package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The real time, with one daemon thread, which is started by {@link #start} or by the first action. */
public final class SystemTimer implements Timer {

    private static final long REVIVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ScheduledThreadPoolExecutor executor;
    /** Written by itself as it begins, read by who starts it. */
    private volatile @Nullable Thread loopThread;

    public SystemTimer(String threadName) {
        ThreadFactory threads = Threads.daemon(threadName);
        // Discarding: an abandoned worker may still ask for a delay after the end.
        executor = new ScheduledThreadPoolExecutor(
                1, loop -> threads.newThread(() -> keepAlive(loop)), new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    /**
     * Waits, for a moment at most, until the thread waits for work, and gives it some. Up to JDK 20 the first signal to one that
     * waits needs memory, and where there is none the thread is lost, and all that it was to do: so the first comes now.
     */
    private void wakeOnce() {
        Thread waiting = loopThread;
        long end = System.nanoTime() + FIRST_WAIT_NANOS;
        while ((waiting == null || waiting.getState() != Thread.State.WAITING) && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
            waiting = loopThread;
        }
        executor.execute(() -> {});
    }

    /** Runs the executor's loop, which dies where its wait finds no memory; the executor may find none for another, then. */
    private void keepAlive(Runnable loop) {
        loopThread = Thread.currentThread();
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
                boolean unused = executor.prestartCoreThread(); // nothing, if the executor has
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(REVIVAL_NANOS);
            }
        }
    }

    @Override
    public void start() {
        if (executor.prestartCoreThread()) {
            wakeOnce();
        }
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

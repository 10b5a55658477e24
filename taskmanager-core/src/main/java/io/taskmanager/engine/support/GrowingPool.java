package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads for actions that may wait for one another. Where some wait for a thread and none has ended for a while, one
 * more thread is started: so a chain of actions that is longer than there are threads gets on.
 *
 * <p>The while grows by as much with each thread above the usual number, so that actions that are just slow don't get many:
 * no more than the slowest takes whiles. While actions wait, one more thread watches.
 */
class GrowingPool extends ThreadPoolExecutor {

    private static final int IDLE_SECONDS = 1;

    private final int usual;
    private final long whileNanos;
    private final ThreadFactory watchers;
    private final AtomicBoolean watched = new AtomicBoolean();
    /** Written by the watcher as it begins, read by the thread that ends the last action. */
    private volatile @Nullable Thread watcher;
    /** Written by that thread, read by the watcher; {@code isTerminated} is true a moment later only. */
    private volatile boolean over;

    /** @param usual how many threads there are while actions end; fewer where there is less to do */
    GrowingPool(int usual, Duration stall, ThreadFactory threads, ThreadFactory watchers) {
        super(usual, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        allowCoreThreadTimeOut(true);
        this.usual = usual;
        this.whileNanos = stall.toNanos();
        this.watchers = watchers;
    }

    @Override
    public void execute(Runnable action) {
        super.execute(action);
        if (isWatchNeeded()) {
            startWatch();
        }
    }

    /** Takes an action from one that runs here, also after a shutdown: that one's thread is there to run it. */
    void executeNext(Runnable action) {
        getQueue().add(action);
        boolean unused = prestartCoreThread();
        if (isWatchNeeded()) {
            startWatch();
        }
    }

    private boolean isWatchNeeded() {
        return !getQueue().isEmpty() && watched.compareAndSet(false, true);
    }

    private void startWatch() {
        boolean started = false;
        try {
            watchers.newThread(this::watch).start();
            started = true;
        } catch (OutOfMemoryError e) {
            // No thread just now: the next action that has to wait tries again. Most need no watch.
        } finally {
            if (!started) {
                watched.set(false);
            }
        }
    }

    private void watch() {
        watcher = Thread.currentThread();
        do {
            try {
                while (!getQueue().isEmpty()) {
                    growIfStalled();
                }
                setCorePoolSize(usual); // those above it end once they are idle
            } catch (OutOfMemoryError e) {
                pause(whileNanos); // no memory for a look, or for a thread: perhaps there is after that
            }
            watched.set(false);
            // An action that came between the look and that relied on this watch.
        } while (isWatchNeeded());
    }

    private void growIfStalled() {
        long ended = getCompletedTaskCount();
        pause(whileNanos * (1 + Math.max(0, getPoolSize() - usual)));
        if (ended == getCompletedTaskCount() && !getQueue().isEmpty()) {
            setCorePoolSize(Math.max(getCorePoolSize(), getPoolSize() + 1));
            boolean unused = prestartCoreThread(); // if that has not: a thread may have died for want of memory
        }
    }

    /** Waits, save for the end. Allocates nothing. */
    private void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        long left = nanos;
        while (left > 0 && !over) {
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // it would keep this from parking
            left = until - System.nanoTime();
        }
    }

    @Override
    protected void terminated() {
        over = true; // before the look at the watcher, which writes that it is there and then looks at this
        LockSupport.unpark(watcher);
    }
}

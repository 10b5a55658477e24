package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads for actions that may wait for one another. Where some wait for a thread and none has ended for a while, one
 * more thread is started: so a chain of actions that is longer than there are threads gets on.
 *
 * <p>The while grows by as much with each thread above the usual number, so that actions that are just slow don't get many:
 * no more than the slowest takes whiles. While actions wait, one more thread watches.
 *
 * <p>It keeps its counts also where there is no memory: nothing but a monitor and plain fields, and nothing is allocated
 * between two writes that belong together. In a {@link java.util.concurrent.ThreadPoolExecutor} a lock or a signal that finds
 * no memory loses an action or a thread, and then it never terminates.
 */
class GrowingPool extends AbstractExecutorService {

    private static final long IDLE_NANOS = 1_000_000_000;

    private final int usual;
    private final long whileNanos;
    private final ThreadFactory threadFactory;
    private final ThreadFactory watchers;
    private final Guard guard;

    // All of these under this object's monitor, on which idle threads wait, and those that await the end.
    private @Nullable Waiting first;
    private @Nullable Waiting last;
    private int waiting;
    private int threads;
    private int idle;
    private int most;
    private long ended;
    private boolean shutdown;
    private boolean watched;

    /** Written by the watch as it begins, read by the thread that ends as the last. */
    private volatile @Nullable Thread watcher;
    /** Written by that thread, read by the watch. */
    private volatile boolean over;

    /** @param usual how many threads there are while actions end; fewer where there is less to do */
    GrowingPool(int usual, Duration stall, ThreadFactory threads, ThreadFactory watchers, Guard guard) {
        this.usual = usual;
        this.most = usual;
        this.whileNanos = stall.toNanos();
        this.threadFactory = threads;
        this.watchers = watchers;
        this.guard = guard;
    }

    private static final class Waiting {
        final Runnable action;

        @Nullable
        Waiting next;

        Waiting(Runnable action) {
            this.action = action;
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws OutOfMemoryError if no thread can be had for it; it may run all the same, once another has ended
     */
    @Override
    public void execute(Runnable action) {
        add(action, false);
    }

    /** Takes an action from one that runs here, also after a shutdown: that one's thread is there to run it. */
    void executeNext(Runnable action) {
        add(action, true);
    }

    private void add(Runnable action, boolean fromInside) {
        Waiting added = new Waiting(action);
        boolean threadNeeded = false;
        boolean watchNeeded = false;
        synchronized (this) {
            if (shutdown && !fromInside) {
                throw new RejectedExecutionException("shut down");
            }
            if (last == null) {
                first = added;
            } else {
                last.next = added;
            }
            last = added;
            waiting++;
            if (waiting <= idle) {
                notify(); // it counts as idle until it has come for an action
            } else if (threads < most) {
                threads++;
                threadNeeded = true;
            } else if (!watched) {
                watched = true;
                watchNeeded = true;
            }
        }
        if (threadNeeded) {
            startThread();
        }
        if (watchNeeded) {
            startWatch();
        }
    }

    /** One that is counted. */
    private void startThread() {
        boolean started = false;
        try {
            threadFactory.newThread(this::runAll).start();
            started = true;
        } finally {
            if (!started) {
                leave();
            }
        }
    }

    private void runAll() {
        boolean more = true;
        while (more) {
            try {
                more = runNext();
            } catch (OutOfMemoryError e) {
                // Between two actions, and those behind are still to be run: what else would leave them.
            }
        }
    }

    /** False if this thread is to end, and then it counts no more. */
    private boolean runNext() {
        Runnable action = next();
        if (action == null) {
            return false;
        }
        try {
            action.run();
        } catch (Throwable e) {
            guard.report("an answer", e);
        }
        Thread.interrupted(); // not for the next
        synchronized (this) {
            ended++;
        }
        return true;
    }

    /** Waits for an action; null if there was none for a while, or is none at the end: then this thread is counted out. */
    private synchronized @Nullable Runnable next() {
        long until = System.nanoTime() + IDLE_NANOS;
        while (first == null) {
            long left = until - System.nanoTime();
            if (shutdown || left <= 0) {
                leave();
                return null;
            }
            idle++;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException | OutOfMemoryError e) {
                // Nobody's, or no memory to say so: it looks again.
            } finally {
                idle--;
            }
        }
        Runnable action = first.action;
        first = first.next;
        if (first == null) {
            last = null;
        }
        waiting--;
        return action;
    }

    private synchronized void leave() {
        threads--;
        endIfOver();
    }

    /** What still waits then is what {@link #execute} has thrown for: its caller has seen to it. */
    private void endIfOver() {
        if (shutdown && threads == 0) {
            over = true; // before the look at the watcher, which writes that it is there and then looks at this
            notifyAll();
            LockSupport.unpark(watcher);
        }
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
                synchronized (this) {
                    watched = false;
                }
            }
        }
    }

    private void watch() {
        watcher = Thread.currentThread();
        while (isWatchNeeded()) {
            try {
                growIfStalled();
            } catch (OutOfMemoryError e) {
                pause(whileNanos); // no memory for a thread: perhaps there is after that
            }
        }
    }

    private synchronized boolean isWatchNeeded() {
        watched = !over && first != null;
        if (!watched) {
            most = usual; // those above it end once they are idle
        }
        return watched;
    }

    private void growIfStalled() {
        long before;
        int above;
        synchronized (this) {
            before = ended;
            above = Math.max(0, threads - usual);
        }
        pause(whileNanos * (1 + above));
        synchronized (this) {
            if (ended != before || first == null || over) {
                return;
            }
            threads++;
            most = Math.max(most, threads);
        }
        startThread();
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
    public synchronized void shutdown() {
        shutdown = true;
        notifyAll();
        endIfOver();
    }

    /** Shuts down; actions that run are left alone. */
    @Override
    public synchronized List<Runnable> shutdownNow() {
        List<Runnable> left = new ArrayList<>();
        for (Waiting entry = first; entry != null; entry = entry.next) {
            left.add(entry.action);
        }
        first = null;
        last = null;
        waiting = 0;
        shutdown();
        return left;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return over;
    }

    @Override
    public synchronized boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long until = System.nanoTime() + unit.toNanos(timeout);
        long left = until - System.nanoTime();
        while (!over && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = until - System.nanoTime();
        }
        return over;
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Starts the threads of workers; where none can be had, tries again later. */
final class ThreadStarts<R> {

    private static final Duration RESPAWN_DELAY = Duration.ofSeconds(1);

    private final WorkerPool<R> pool;
    private final ThreadFactory threads;
    private final Timer timer;
    private final Logger logger;

    private final Runnable respawn = this::respawn;

    ThreadStarts(WorkerPool<R> pool, ThreadFactory threads, Timer timer, Logger logger) {
        this.pool = pool;
        this.threads = threads;
        this.timer = timer;
        this.logger = logger;
    }

    /** @throws IllegalStateException if the thread factory gave no thread */
    void start(Worker<R> worker) {
        Thread thread = threads.newThread(worker);
        if (thread == null) {
            throw new IllegalStateException("threadFactory returned null for a worker's thread");
        }
        thread.start();
    }

    /** Starts this worker, if any, and all that are missing. */
    void startAll(@Nullable Worker<R> first) {
        Worker<R> worker = first;
        try {
            worker = worker == null ? pool.claimPlace() : worker;
            while (worker != null) {
                start(worker);
                worker = null;
                worker = pool.claimPlace();
            }
        } catch (Throwable e) {
            pool.owe(worker);
            startLater();
            logger.errorf("no thread for a worker, will try again in %s: %s", RESPAWN_DELAY, Guard.describe(e), e);
        }
    }

    /** Tries in a while what {@link WorkerPool#owe} was told of. */
    void startLater() {
        while (true) {
            try {
                timer.after(RESPAWN_DELAY, respawn);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private void respawn() {
        // Claimed first: in between, a stop could see no worker and nothing owed.
        Worker<R> worker = pool.claimPlace();
        pool.paid();
        startAll(worker);
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Starts the threads of workers; where none can be had, tries again later. How many workers are owed is in the roster, under the
 * pool's lock.
 */
final class ThreadStarts<R> {

    private static final Duration RESPAWN_DELAY = Duration.ofSeconds(1);

    private final Roster<R> roster;
    private final ReentrantLock lock;
    private final ThreadFactory threads;
    private final Timer timer;
    private final Logger logger;

    private final Runnable respawn = this::respawn;

    ThreadStarts(Roster<R> roster, ReentrantLock lock, ThreadFactory threads, Timer timer, Logger logger) {
        this.roster = roster;
        this.lock = lock;
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

    /** Starts the workers that are missing. */
    void fill() {
        startAll(null);
    }

    /** Starts this worker, if any, and all that are missing. */
    void startAll(@Nullable Worker<R> first) {
        Worker<R> worker = first;
        try {
            worker = worker == null ? roster.claimPlace() : worker;
            while (worker != null) {
                start(worker);
                worker = null;
                worker = roster.claimPlace();
            }
        } catch (Throwable e) {
            owe(worker);
            startLater();
            tell(e);
        }
    }

    private void tell(Throwable error) {
        try {
            logger.errorf(
                    "no thread for a worker, will try again in %s: %s", RESPAWN_DELAY, Guard.describe(error), error);
        } catch (OutOfMemoryError e) {
            // No memory to say it. What follows is still to be done, and what was done not again.
        }
    }

    /** A worker has no thread, so it is no worker yet, or there was no memory for one; one will be started in its place. */
    private void owe(@Nullable Worker<R> worker) {
        Surely.lock(lock);
        try {
            if (worker != null) {
                roster.remove(worker);
            }
            roster.owe();
        } finally {
            lock.unlock();
        }
    }

    /** Starts in a while a worker that is {@linkplain Roster#owe owed}. */
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
        Worker<R> worker = roster.claimPlace();
        Surely.lock(lock);
        try {
            roster.paid();
        } finally {
            lock.unlock();
        }
        startAll(worker);
    }
}

package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands out the answers of timeouts and kills. What callers have hung on their futures runs with those and may block, or
 * even wait for one another, so none waits here for a thread.
 */
public final class Answers implements Executor {

    private final ThreadPoolExecutor threads;
    private final ThreadLocal<Boolean> inAnswer = ThreadLocal.withInitial(() -> false);

    /** @param name of the daemon threads; there is none while there is nothing to do */
    public Answers(String name) {
        this.threads = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), Threads.daemon(name));
    }

    /** Hands out an answer on another thread; here, where none can be had, since late is better than never. */
    @Override
    public void execute(Runnable answer) {
        try {
            threads.execute(() -> {
                inAnswer.set(true);
                answer.run();
            });
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            answer.run();
        }
    }

    /** Waits until all are handed out, or the time is over; says which. Not for itself, where one of them stops the manager. */
    public boolean close(Duration timeout) {
        threads.shutdown();
        return inAnswer.get() || Waits.uninterruptibly(timeout, threads::awaitTermination);
    }
}

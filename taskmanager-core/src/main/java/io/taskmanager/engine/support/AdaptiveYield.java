package io.taskmanager.engine.support;

/**
 * Whether to let other threads run for a moment before waiting for what they hold. Where they hold it for less than it takes to
 * put a thread to sleep and to wake it, one that does not release it has most likely lost its processor, and has released it after
 * {@link Thread#yield}. Where they hold it for long, that is in vain.
 *
 * <p>So this adapts, as spinning for a monitor does: each yield in vain lets twice as many pass without one, up to {@value #MOST}.
 * By any thread; racy, since it decides about speed alone.
 */
public final class AdaptiveYield {

    static final int MOST = 63;

    /** How many are to pass after the last yield. */
    private int passes;

    /** How many of them are left. */
    private int left;

    /** Whether the current thread is to yield. If so, it says then whether that {@linkplain #helped helped}. */
    public boolean isDue() {
        int now = left;
        if (now > 0) {
            left = now - 1;
        }
        return now == 0;
    }

    /** @param helped whether what the thread wanted was to be had after it */
    public void helped(boolean helped) {
        passes = helped ? 0 : Math.min(2 * passes + 1, MOST);
        left = passes;
    }
}

package io.taskmanager.engine.support;

/**
 * Lets other threads run for a moment before one waits for what they hold. Where they hold it for less than it takes to
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

    /** Yields, if that is due; says whether it did. If so, it is to be told whether that {@linkplain #helped helped}. */
    public boolean yieldIfDue() {
        int now = left;
        if (now > 0) {
            left = now - 1;
            return false;
        }
        Thread.yield();
        return true;
    }

    /** @param helped whether what the thread wanted was to be had after the yield */
    public void helped(boolean helped) {
        passes = helped ? 0 : Math.min(2 * passes + 1, MOST);
        left = passes;
    }
}

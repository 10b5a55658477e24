package io.taskmanager.engine.metrics;

import io.taskmanager.engine.support.Padded;
import java.time.Duration;

/**
 * Counts events over the last ten seconds, in fixed memory. Time is cut in slots of 250 ms, kept in a ring. For one thread
 * at a time.
 */
final class RateWindow extends Padded {

    private static final long SLOT_NANOS = Duration.ofMillis(250).toNanos();
    private static final int SLOTS = 40;
    private static final long MIN_SPAN_NANOS = Duration.ofSeconds(1).toNanos();

    private final long startNanos;
    /** What slot is counted at each place, and how many events. */
    private final long[] numbers = new long[SLOTS];

    private final long[] counts = new long[SLOTS];

    RateWindow(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Counts one event. */
    void record(long nowNanos) {
        long slot = slotOf(nowNanos);
        int index = (int) (slot % SLOTS);
        if (numbers[index] < slot) {
            numbers[index] = slot;
            counts[index] = 0;
        }
        if (numbers[index] == slot) { // or it has left the window while its thread was held up
            counts[index]++;
        }
    }

    /** Events a second, over the window or since the start, whichever is less, and at least one second. */
    double perSecond(long nowNanos) {
        long newest = slotOf(nowNanos);
        long oldest = newest - SLOTS + 1;
        long count = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (numbers[i] >= oldest && numbers[i] <= newest) {
                count += counts[i];
            }
        }
        long since = nowNanos - startNanos;
        long covered = since - Math.max(0, (oldest - 1) * SLOT_NANOS);
        return count * 1e9 / Math.max(covered, MIN_SPAN_NANOS);
    }

    /** Slots count from 1, so that a place with the number 0 is an old one. */
    private long slotOf(long nowNanos) {
        return Math.max(0, nowNanos - startNanos) / SLOT_NANOS + 1;
    }
}

package io.taskmanager.engine.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts events over the last ten seconds, in fixed memory and without a lock.
 *
 * <p>Time is cut in slots of 250 ms, kept in a ring. An entry holds its slot's number in the upper 32 bits and its count
 * in the lower 32, so that one compare-and-set both adds to a live slot and recycles an old one: no event is lost
 * between a reset and an add.
 */
final class RateWindow {

    private static final long SLOT_NANOS = Duration.ofMillis(250).toNanos();
    private static final int SLOTS = 40;
    private static final long MIN_SPAN_NANOS = Duration.ofSeconds(1).toNanos();

    private final long startNanos;
    private final AtomicLongArray ring = new AtomicLongArray(SLOTS);

    RateWindow(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Counts one event. */
    void record(long nowNanos) {
        long slot = slotOf(nowNanos);
        int index = (int) (slot % SLOTS);
        long entry;
        do {
            entry = ring.get(index);
            if (number(entry) > slot) {
                return; // its slot has left the window while this thread was held up
            }
        } while (!ring.compareAndSet(index, entry, number(entry) == slot ? entry + 1 : (slot << 32) + 1));
    }

    /** Events a second, over the window or since the start, whichever is less, and at least one second. */
    double perSecond(long nowNanos) {
        long newest = slotOf(nowNanos);
        long oldest = newest - SLOTS + 1;
        long count = 0;
        for (int i = 0; i < SLOTS; i++) {
            long entry = ring.get(i);
            if (number(entry) >= oldest && number(entry) <= newest) {
                count += entry & 0xFFFF_FFFFL;
            }
        }
        long since = nowNanos - startNanos;
        long covered = since - Math.max(0, (oldest - 1) * SLOT_NANOS);
        return count * 1e9 / Math.max(covered, MIN_SPAN_NANOS);
    }

    /** Slots count from 1, so that an entry of 0 is an old one. */
    private long slotOf(long nowNanos) {
        return Math.max(0, nowNanos - startNanos) / SLOT_NANOS + 1;
    }

    private static long number(long entry) {
        return entry >>> 32;
    }
}

package io.taskmanager.engine.resource;

import java.time.Duration;
import java.util.Arrays;

/** How long the last creations took that succeeded. For any thread. */
final class CreationTimes {

    private static final int KEPT = 5;

    // Guarded by this object's monitor.
    private final long[] nanos = new long[KEPT];
    private int count;
    private int next;

    synchronized void add(long creationNanos) {
        nanos[next] = creationNanos;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /**
     * The median of the last five, so that two creations that took long for once do not move it, and a lasting change does
     * after three. Of an even number the lower of the two in the middle: the first creation is often the slowest, and the
     * second says so. One alone is all that is known; zero before that.
     */
    synchronized Duration typical() {
        if (count == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(count - 1) / 2]);
    }
}

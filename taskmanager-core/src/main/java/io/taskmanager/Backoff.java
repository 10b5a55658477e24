package io.taskmanager;

import java.time.Duration;

/**
 * An exponential back-off with jitter: before retry n it waits {@code initial * multiplier^(n-1)}, at most {@code max},
 * then varied evenly by up to {@code jitter} of itself in both directions.
 *
 * @param initial the first delay; zero for none at all
 * @param multiplier the growth from one delay to the next, at least 1
 * @param max the longest delay before jitter, at least {@code initial}
 * @param jitter the part of a delay that varies, 0 to 1
 */
public record Backoff(Duration initial, double multiplier, Duration max, double jitter) {

    public Backoff {
        if (initial.isNegative()) {
            throw new IllegalArgumentException("initial must not be negative, but was " + initial);
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("multiplier must be at least 1, but was " + multiplier);
        }
        if (max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "max must be at least initial (" + initial + "), but was " + max + "; raise max or lower initial");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + jitter);
        }
    }

    /** Doubles from {@code initial} up to {@code max}, with a jitter of 0.2. */
    public static Backoff exponential(Duration initial, Duration max) {
        return new Backoff(initial, 2, max, 0.2);
    }

    /** No delay. */
    public static Backoff none() {
        return new Backoff(Duration.ZERO, 1, Duration.ZERO, 0);
    }

    /**
     * The delay before a retry; never negative, and at most the longest that fits into a long of nanoseconds, 292 years.
     *
     * @param retry the retry's number, from 1
     * @param random a random number from 0 (inclusive) to 1 (exclusive)
     */
    public Duration delay(int retry, double random) {
        if (retry < 1) {
            throw new IllegalArgumentException("retry must be at least 1, but was " + retry);
        }
        if (initial.isZero()) {
            return Duration.ZERO; // where a growth beyond all doubles would make it no number
        }
        double plain = Math.min(nanos(initial) * Math.pow(multiplier, retry - 1.0), nanos(max));
        return Duration.ofNanos((long) (plain * (1 + jitter * (2 * random - 1))));
    }

    /** A double, since centuries do not fit into a long. */
    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}

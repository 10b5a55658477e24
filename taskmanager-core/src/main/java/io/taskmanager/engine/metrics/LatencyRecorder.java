package io.taskmanager.engine.metrics;

import java.math.BigInteger;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Durations since the start, in fixed memory (some 40 kB): percentiles within 1 %, up to a day, and mean, least and
 * greatest exactly. For one thread at a time.
 */
final class LatencyRecorder {

    private static final long HIGHEST_NANOS = Duration.ofDays(1).toNanos();
    private static final int SIGNIFICANT_DIGITS = 2;

    private final Histogram histogram = new Histogram(HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    /**
     * The sum is {@code sumHigh * 2^63 + sumLow}, both at least 0. One long is full after 2^63 ns: with 10,000 tasks
     * waiting at all times, their waits add up to that in 256 hours.
     */
    private long sumLow;

    private long sumHigh;
    private long min = Long.MAX_VALUE;
    private long max;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        histogram.recordValue(Math.min(value, HIGHEST_NANOS));
        addToSum(value);
        if (value < min) {
            min = value;
        }
        if (value > max) {
            max = value;
        }
    }

    /** Records all that another has recorded. */
    void add(LatencyRecorder other) {
        histogram.add(other.histogram);
        addToSum(other.sumLow);
        sumHigh += other.sumHigh;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    private void addToSum(long value) {
        sumLow += value;
        if (sumLow < 0) {
            sumLow &= Long.MAX_VALUE;
            sumHigh++;
        }
    }

    // All durations are zero while nothing has been recorded.

    Duration average() {
        long count = histogram.getTotalCount();
        if (count == 0) {
            return Duration.ZERO;
        }
        BigInteger sum = BigInteger.valueOf(sumHigh).shiftLeft(63).add(BigInteger.valueOf(sumLow));
        return Duration.ofNanos(sum.divide(BigInteger.valueOf(count)).longValueExact());
    }

    Duration min() {
        return Duration.ofNanos(histogram.getTotalCount() == 0 ? 0 : min);
    }

    Duration max() {
        return Duration.ofNanos(max);
    }

    /** The histogram answers with the upper end of a range of equal values, which may lie above the maximum. */
    Duration percentile(double percentile) {
        return Duration.ofNanos(Math.min(histogram.getValueAtPercentile(percentile), max));
    }
}

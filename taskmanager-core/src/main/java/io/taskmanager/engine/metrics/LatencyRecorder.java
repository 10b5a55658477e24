package io.taskmanager.engine.metrics;

import io.taskmanager.engine.support.Padded;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Durations since the start, in fixed memory (some 40 kB): percentiles within 1 %, up to a day, and mean, least and
 * greatest exactly. For one thread at a time.
 */
final class LatencyRecorder extends Padded {

    private static final long HIGHEST_NANOS = Duration.ofDays(1).toNanos();
    private static final int SIGNIFICANT_DIGITS = 2;

    private final Histogram histogram = new Histogram(HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    private final Tally all = new Tally();
    private long min = Long.MAX_VALUE;
    private long max;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        histogram.recordValue(Math.min(value, HIGHEST_NANOS));
        all.add(value);
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
        all.add(other.all);
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    // All durations are zero while nothing has been recorded.

    Duration average() {
        return all.average();
    }

    Duration min() {
        return Duration.ofNanos(all.count() == 0 ? 0 : min);
    }

    Duration max() {
        return Duration.ofNanos(max);
    }

    /** The histogram answers with the upper end of a range of equal values, which may lie above the maximum. */
    Duration percentile(double percentile) {
        return Duration.ofNanos(Math.min(histogram.getValueAtPercentile(percentile), max));
    }
}

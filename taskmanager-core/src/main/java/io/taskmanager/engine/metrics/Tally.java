package io.taskmanager.engine.metrics;

import io.taskmanager.TaskTimes;
import io.taskmanager.engine.support.Padded;
import java.math.BigInteger;
import java.time.Duration;

/** Counts durations and adds them up, exactly. For one thread at a time. */
final class Tally extends Padded {

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

    private long count;
    /**
     * The sum is {@code sumHigh * 2^63 + sumLow}, both at least 0. One long is full after 2^63 ns: with 10,000 tasks
     * waiting at all times, their waits add up to that in 256 hours.
     */
    private long sumLow;

    private long sumHigh;

    /** @param nanos at least 0 */
    void add(long nanos) {
        count++;
        addToSum(nanos);
    }

    void add(Tally other) {
        count += other.count;
        addToSum(other.sumLow);
        sumHigh += other.sumHigh;
    }

    private void addToSum(long nanos) {
        sumLow += nanos;
        if (sumLow < 0) {
            sumLow &= Long.MAX_VALUE;
            sumHigh++;
        }
    }

    long count() {
        return count;
    }

    /** Zero while there is none. */
    Duration average() {
        return count == 0
                ? Duration.ZERO
                : Duration.ofNanos(sum().divide(BigInteger.valueOf(count)).longValueExact());
    }

    TaskTimes times() {
        BigInteger[] seconds = sum().divideAndRemainder(NANOS_PER_SECOND);
        return new TaskTimes(count, Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValueExact()));
    }

    private BigInteger sum() {
        return BigInteger.valueOf(sumHigh).shiftLeft(63).add(BigInteger.valueOf(sumLow));
    }
}

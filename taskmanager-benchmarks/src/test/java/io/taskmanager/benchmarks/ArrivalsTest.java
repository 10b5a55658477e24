package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final int COUNT = 100_000;
    private static final double MEAN = 100_000;

    private final long[] due = Arrivals.poisson(COUNT, MEAN, 1);

    @Test
    void areInOrderAndAtTheRateAskedFor() {
        assertThat(due).isSorted();
        assertThat(due[COUNT - 1] / MEAN / COUNT).isCloseTo(1, within(0.02));
    }

    @Test
    void areAsUnevenAsChance() {
        long near = IntStream.range(1, COUNT)
                .filter(i -> due[i] - due[i - 1] < MEAN)
                .count();
        assertThat(near / (double) COUNT).isCloseTo(1 - Math.exp(-1), within(0.02));
    }

    @Test
    void areTheSameForEachRival() {
        assertThat(Arrivals.poisson(COUNT, MEAN, 1)).isEqualTo(due);
        assertThat(Arrivals.poisson(COUNT, MEAN, 2)).isNotEqualTo(due);
    }

    @Test
    void noteHowLongTheyWait() {
        CountDownLatch left = new CountDownLatch(1);
        Request request = new Request(0, left);
        request.submitting(System.nanoTime());
        request.run();
        assertThat(left.getCount()).isZero();
        assertThat(request.waited()).isNotNegative();
        assertThat(request.worked()).isNotNegative();
    }
}

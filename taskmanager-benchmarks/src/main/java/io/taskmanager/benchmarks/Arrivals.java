package io.taskmanager.benchmarks;

import java.util.SplittableRandom;

/** When tasks arrive, whatever becomes of those before: an open loop. */
final class Arrivals {

    private Arrivals() {}

    /** So many instants in nanoseconds from the start, a Poisson process of that mean distance; the same for each seed. */
    static long[] poisson(int count, double meanNanos, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] due = new long[count];
        double at = 0;
        for (int i = 0; i < count; i++) {
            at -= meanNanos * Math.log(1 - random.nextDouble());
            due[i] = (long) at;
        }
        return due;
    }
}

package io.taskmanager.benchmarks;

import java.util.function.LongSupplier;

/** The least that a measured call can cost: the work, and a look at the clock before and after it. */
final class Floor {

    /** Read by nobody; written, so that the JIT does not leave the looks at the clock out. */
    @SuppressWarnings("UnusedVariable")
    private static volatile long last;

    private Floor() {}

    static long time(LongSupplier work) {
        long started = System.nanoTime();
        long result = work.getAsLong();
        if (System.nanoTime() - started < 0) {
            last = started;
        }
        return result;
    }
}

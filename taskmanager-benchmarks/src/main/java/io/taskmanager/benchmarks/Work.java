package io.taskmanager.benchmarks;

/** What a task does: nothing, or so much arithmetic that it takes about the time named. */
@SuppressWarnings("UnusedVariable") // read by the JIT alone, which must not see that nobody does
final class Work {

    private static final int STEPS_PER_MICRO = calibrate();

    private Work() {}

    /** Works for about so many microseconds; gives what keeps the JIT from leaving it out. */
    static long run(int micros) {
        return micros == 0 ? 0 : steps(micros * STEPS_PER_MICRO);
    }

    private static long steps(int count) {
        long x = System.identityHashCode(Work.class) | 1;
        for (int i = 0; i < count; i++) {
            x ^= x << 13;
            x ^= x >>> 7;
            x ^= x << 17;
        }
        return x;
    }

    /** How many steps take a microsecond once the loop is compiled. */
    private static int calibrate() {
        int steps = 1_000_000;
        long best = Long.MAX_VALUE;
        long sum = 0;
        for (int i = 0; i < 50; i++) {
            long start = System.nanoTime();
            sum += steps(steps);
            best = Math.min(best, System.nanoTime() - start);
        }
        return (int) Math.max(1, steps * 1000L / best) + (sum == 42 ? 1 : 0);
    }
}

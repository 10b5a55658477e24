package io.taskmanager.benchmarks;

import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What one bolts on to know what a task manager tells: counts, and the distributions of wait and run. */
final class Meter {

    private static final int DIGITS = 2;

    private final Recorder waits = new Recorder(DIGITS);
    private final Recorder runs = new Recorder(DIGITS);
    private final LongAdder arrived = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void arrived() {
        arrived.increment();
    }

    void ended(boolean completely, long queued, long started, long finished) {
        waits.recordValue(started - queued);
        runs.recordValue(finished - started);
        (completely ? completed : failed).increment();
    }
}

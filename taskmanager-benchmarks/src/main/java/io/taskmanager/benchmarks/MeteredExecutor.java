package io.taskmanager.benchmarks;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What one bolts on to know what a task manager tells: counts, and the distributions of wait and run. */
final class MeteredExecutor extends ThreadPoolExecutor {

    private static final int DIGITS = 2;

    private final Recorder waits = new Recorder(DIGITS);
    private final Recorder runs = new Recorder(DIGITS);
    private final LongAdder arrived = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();

    MeteredExecutor(int workers, int room) {
        super(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(room));
    }

    @Override
    public void execute(Runnable command) {
        arrived.increment();
        long queued = System.nanoTime();
        super.execute(() -> {
            long started = System.nanoTime();
            boolean ended = false;
            try {
                command.run();
                ended = true;
            } finally {
                long finished = System.nanoTime();
                waits.recordValue(started - queued);
                runs.recordValue(finished - started);
                (ended ? completed : failed).increment();
            }
        });
    }
}

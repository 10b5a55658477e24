package io.taskmanager.benchmarks;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An executor with the {@link Meter} of a task manager. */
final class MeteredExecutor extends ThreadPoolExecutor {

    private final Meter meter = new Meter();

    MeteredExecutor(int workers, int room) {
        super(workers, workers, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(room));
    }

    @Override
    public void execute(Runnable command) {
        meter.arrived();
        long queued = System.nanoTime();
        super.execute(() -> {
            long started = System.nanoTime();
            boolean ended = false;
            try {
                command.run();
                ended = true;
            } finally {
                meter.ended(ended, queued, started, System.nanoTime());
            }
        });
    }
}

package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.engine.support.Guard;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where every arrival and every end of a task is written down once: for the collector, the listener and the report. */
public final class Ledger {

    private final MetricsCollector collector;
    private final @Nullable TaskManagerListener listener;
    private final Guard guard;

    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder neverStarted = new LongAdder();

    /** @param collector one that does not throw */
    public Ledger(MetricsCollector collector, @Nullable TaskManagerListener listener, Guard guard) {
        this.collector = collector;
        this.listener = listener;
        this.guard = guard;
    }

    public void arrived() {
        collector.recordArrival();
    }

    /** A task was not accepted. */
    public void rejected(TaskRejected event) {
        collector.recordRejection();
        if (listener != null) {
            guard.run("the listener", () -> listener.taskRejected(event));
        }
    }

    public void retried() {
        collector.recordRetry();
    }

    /** Counts the end of a task that was started so often. */
    public void count(TaskOutcome outcome, int attempts) {
        switch (outcome) {
            case COMPLETED -> completed.increment();
            case FAILED, TIMED_OUT -> failed.increment();
            case CANCELLED -> (attempts == 0 ? neverStarted : cancelled).increment();
        }
    }

    /**
     * Tells the collector and the listener of the end of a task, once that is counted.
     *
     * @param event made only if somebody listens
     */
    public void tell(TaskOutcome outcome, TaskLifecycleTimestamps stamps, Supplier<TaskFinished> event) {
        switch (outcome) {
            case COMPLETED -> collector.recordCompletion(stamps);
            case FAILED -> collector.recordFailure(stamps);
            case CANCELLED -> collector.recordCancellation();
            case TIMED_OUT -> collector.recordTimeout(stamps);
        }
        if (listener != null) {
            guard.run("the listener", () -> listener.taskFinished(event.get()));
        }
    }

    /** The ends since the start; {@code abandoned} is 0. */
    public ShutdownReport totals() {
        return new ShutdownReport(completed.sum(), failed.sum(), cancelled.sum(), neverStarted.sum(), 0);
    }
}

package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.engine.support.Guard;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Where every arrival and every end of a task is written down once: for the collector, the listener and the report. */
public final class Ledger {

    private final MetricsCollector collector;
    /** The same, if it is the engine's own: that needs no timestamps made for it, and reads no clock. */
    private final @Nullable DefaultMetricsCollector ours;

    private final @Nullable TaskManagerListener listener;
    private final Guard guard;

    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder neverStarted = new LongAdder();

    /** @param collector one that does not throw */
    public Ledger(MetricsCollector collector, @Nullable TaskManagerListener listener, Guard guard) {
        this.collector = collector;
        this.ours = collector instanceof DefaultMetricsCollector own ? own : null;
        this.listener = listener;
        this.guard = guard;
    }

    /** A task was accepted just now. */
    public void arrived(long nowNanos) {
        if (ours != null) {
            ours.recordArrival(nowNanos);
        } else {
            collector.recordArrival();
        }
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

    /** A task has ended that was started so often. For the times see {@link TaskLifecycleTimestamps}. */
    public void ended(TaskOutcome outcome, int attempts, long queuedNanos, long startedNanos, long finishedNanos) {
        if (ours != null && outcome == TaskOutcome.COMPLETED) {
            ours.recordCompletion(queuedNanos, startedNanos, finishedNanos); // and counts it, for the report too
            return;
        }
        TaskLifecycleTimestamps stamps = new TaskLifecycleTimestamps(queuedNanos, startedNanos, finishedNanos);
        switch (outcome) {
            case COMPLETED -> {
                completed.increment();
                collector.recordCompletion(stamps);
            }
            case FAILED -> {
                failed.increment();
                collector.recordFailure(stamps);
            }
            case CANCELLED -> {
                (attempts == 0 ? neverStarted : cancelled).increment();
                collector.recordCancellation();
            }
            case TIMED_OUT -> {
                failed.increment();
                collector.recordTimeout(stamps);
            }
        }
    }

    public boolean hasListener() {
        return listener != null;
    }

    /** Tells the listener of the end of a task, after {@link #ended}. */
    public void finished(TaskFinished event) {
        TaskManagerListener present = Objects.requireNonNull(listener);
        guard.run("the listener", () -> present.taskFinished(event));
    }

    /** The ends since the start; {@code abandoned} is 0. */
    public ShutdownReport totals() {
        long completions = ours == null ? completed.sum() : ours.completed();
        return new ShutdownReport(completions, failed.sum(), cancelled.sum(), neverStarted.sum(), 0);
    }
}

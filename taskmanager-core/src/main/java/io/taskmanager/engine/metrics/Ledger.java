package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where every arrival and every end of a task is written down once: for the collector, the listener and the report.
 *
 * <p>It is told of an end before the task is answered, so nothing that goes wrong here may reach its caller: what the
 * collector or the listener throws is logged, and so is the want of memory to tell them. The count for the report comes
 * first, and needs no memory. User code is called without a lambda for {@link Guard}, since that is memory, too.
 */
public final class Ledger {

    private static final String COLLECTOR = "the metrics collector";
    private static final String LISTENER = "the listener";

    private final MetricsCollector collector;
    /** The same, if it is the engine's own: that needs no timestamps made for it, and reads no clock. */
    private final @Nullable DefaultMetricsCollector ours;

    private final @Nullable TaskManagerListener listener;
    private final Guard guard;

    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong neverStarted = new AtomicLong();

    /** @param collector one that does not throw */
    public Ledger(MetricsCollector collector, @Nullable TaskManagerListener listener, Guard guard) {
        this.collector = collector;
        this.ours = collector instanceof DefaultMetricsCollector own ? own : null;
        this.listener = listener;
        this.guard = guard;
    }

    /** A task was accepted just now. */
    public void arrived(long nowNanos) {
        try {
            if (ours != null) {
                ours.recordArrival(nowNanos);
            } else {
                collector.recordArrival();
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    /** A task was not accepted. */
    public void rejected(TaskRejected event) {
        try {
            collector.recordRejection();
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
        TaskManagerListener present = listener;
        if (present != null) {
            try {
                guard.run(LISTENER, () -> present.taskRejected(event));
            } catch (Throwable e) {
                guard.report(LISTENER, e); // no memory to tell it
            }
        }
    }

    public void retried() {
        try {
            collector.recordRetry();
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    /** A task has ended that was started so often. For the times see {@link TaskLifecycleTimestamps}. */
    public void ended(TaskOutcome outcome, int attempts, long queuedNanos, long startedNanos, long finishedNanos) {
        count(outcome, attempts);
        try {
            if (outcome == TaskOutcome.CANCELLED) {
                collector.recordCancellation();
            } else if (ours != null) {
                record(ours, outcome, queuedNanos, startedNanos, finishedNanos);
            } else {
                record(outcome, stamps(queuedNanos, startedNanos, finishedNanos));
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    // No switch below: that has a class of its own, which is broken for ever if there is no memory at its first use.

    private void count(TaskOutcome outcome, int attempts) {
        if (outcome == TaskOutcome.CANCELLED) {
            (attempts == 0 ? neverStarted : cancelled).incrementAndGet();
        } else if (outcome != TaskOutcome.COMPLETED) {
            failed.incrementAndGet();
        } else if (ours == null) { // which counts them itself
            completed.incrementAndGet();
        }
    }

    private static void record(
            DefaultMetricsCollector ours,
            TaskOutcome outcome,
            long queuedNanos,
            long startedNanos,
            long finishedNanos) {
        if (outcome == TaskOutcome.COMPLETED) {
            ours.recordCompletion(queuedNanos, startedNanos, finishedNanos);
        } else if (outcome == TaskOutcome.FAILED) {
            ours.recordFailure(queuedNanos, startedNanos, finishedNanos);
        } else {
            ours.recordTimeout();
        }
    }

    /** Where there is no memory for them, this waits for some: or the collector's books would be wrong for ever. */
    private static TaskLifecycleTimestamps stamps(long queuedNanos, long startedNanos, long finishedNanos) {
        while (true) {
            try {
                return new TaskLifecycleTimestamps(queuedNanos, startedNanos, finishedNanos);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private void record(TaskOutcome outcome, TaskLifecycleTimestamps stamps) {
        if (outcome == TaskOutcome.COMPLETED) {
            collector.recordCompletion(stamps);
        } else if (outcome == TaskOutcome.FAILED) {
            collector.recordFailure(stamps);
        } else {
            collector.recordTimeout(stamps);
        }
    }

    public boolean hasListener() {
        return listener != null;
    }

    /** Tells the listener of the end of a task, after {@link #ended}. */
    public void finished(TaskFinished event) {
        try {
            TaskManagerListener present = Objects.requireNonNull(listener);
            guard.run(LISTENER, () -> present.taskFinished(event));
        } catch (Throwable e) {
            guard.report(LISTENER, e);
        }
    }

    /** The ends since the start; {@code abandoned} is 0. */
    public ShutdownReport totals() {
        long completions = ours == null ? completed.get() : ours.completed();
        return new ShutdownReport(completions, failed.get(), cancelled.get(), neverStarted.get(), 0);
    }
}

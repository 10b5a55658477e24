package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Guard;
import java.util.Objects;

/**
 * Keeps what a user's collector throws from the engine. Where it has no metrics to give, they are those of no task. Recording
 * wants no memory of ours.
 */
public final class GuardedMetricsCollector implements MetricsCollector {

    private static final String WHAT = "the metrics collector";
    private static final TaskMetrics NONE = new DefaultMetricsCollector(() -> 0).metrics();

    private final MetricsCollector delegate;
    private final Guard guard;

    public GuardedMetricsCollector(MetricsCollector delegate, Guard guard) {
        this.delegate = delegate;
        this.guard = guard;
    }

    @Override
    public void recordArrival() {
        try {
            delegate.recordArrival();
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        try {
            delegate.recordCompletion(stamps);
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        try {
            delegate.recordFailure(stamps);
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordRetry() {
        try {
            delegate.recordRetry();
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordRejection() {
        try {
            delegate.recordRejection();
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordCancellation() {
        try {
            delegate.recordCancellation();
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        try {
            delegate.recordTimeout(stamps);
        } catch (Throwable e) {
            guard.report(WHAT, e);
        }
    }

    @Override
    public TaskMetrics metrics() {
        return guard.get(WHAT, () -> Objects.requireNonNull(delegate.metrics(), "metrics() returned null"), NONE);
    }
}

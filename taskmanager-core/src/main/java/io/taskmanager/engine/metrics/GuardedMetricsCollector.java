package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Guard;
import java.util.Objects;

/** Keeps what a user's collector throws from the engine. Where it has no metrics to give, they are those of no task. */
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
        guard.run(WHAT, delegate::recordArrival);
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        guard.run(WHAT, () -> delegate.recordCompletion(stamps));
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        guard.run(WHAT, () -> delegate.recordFailure(stamps));
    }

    @Override
    public void recordRetry() {
        guard.run(WHAT, delegate::recordRetry);
    }

    @Override
    public void recordRejection() {
        guard.run(WHAT, delegate::recordRejection);
    }

    @Override
    public void recordCancellation() {
        guard.run(WHAT, delegate::recordCancellation);
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        guard.run(WHAT, () -> delegate.recordTimeout(stamps));
    }

    @Override
    public TaskMetrics metrics() {
        return guard.get(WHAT, () -> Objects.requireNonNull(delegate.metrics(), "metrics() returned null"), NONE);
    }
}

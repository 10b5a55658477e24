package io.taskmanager.model;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.testkit.RecordingCollector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** A collector and a listener that count, and throw now and then after that. */
final class Books implements MetricsCollector, TaskManagerListener {

    private final World world;
    private final boolean keepsEvents;
    private final LongAdder arrived = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final ConcurrentMap<String, TaskFinished> eventByName = new ConcurrentHashMap<>();

    Books(World world, boolean keepsEvents) {
        this.world = world;
        this.keepsEvents = keepsEvents;
    }

    /** How many tasks took which way. */
    record Totals(
            long arrived, long completed, long failed, long cancelled, long timedOut, long retried, long rejected) {

        static Totals of(TaskMetrics metrics) {
            return new Totals(
                    metrics.totalTasksArrived(),
                    metrics.totalTasksCompleted(),
                    metrics.totalTasksFailed(),
                    metrics.totalTasksCancelled(),
                    metrics.totalTasksTimedOut(),
                    metrics.totalTasksRetried(),
                    metrics.totalTasksRejected());
        }

        long ended() {
            return completed + failed + cancelled + timedOut;
        }
    }

    Totals totals() {
        return new Totals(
                arrived.sum(),
                completed.sum(),
                failed.sum(),
                cancelled.sum(),
                timedOut.sum(),
                retried.sum(),
                rejected.sum());
    }

    long events() {
        return events.sum();
    }

    /** The end of the task of this name; null if there was none. */
    TaskFinished event(String taskName) {
        return eventByName.get(taskName);
    }

    @Override
    public void recordArrival() {
        count(arrived, "recordArrival");
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        check(stamps);
        count(completed, "recordCompletion");
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        check(stamps);
        count(failed, "recordFailure");
    }

    @Override
    public void recordRetry() {
        count(retried, "recordRetry");
    }

    @Override
    public void recordRejection() {
        count(rejected, "recordRejection");
    }

    @Override
    public void recordCancellation() {
        count(cancelled, "recordCancellation");
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        check(stamps);
        count(timedOut, "recordTimeout");
    }

    @Override
    public TaskMetrics metrics() {
        world.maybeThrow("metrics");
        return RecordingCollector.METRICS;
    }

    @Override
    public void taskFinished(TaskFinished event) {
        check(event.stamps());
        if (keepsEvents) {
            TaskFinished other = eventByName.put(event.taskName(), event);
            if (other != null) {
                world.breach("two ends of one task: " + other + " and " + event);
            }
        }
        if (event.attempts() == 0
                && event.outcome() != TaskOutcome.CANCELLED
                && event.outcome() != TaskOutcome.TIMED_OUT) {
            world.breach("an end without a start: " + event);
        }
        count(events, "taskFinished");
    }

    private void count(LongAdder counter, String where) {
        counter.increment();
        world.maybeThrow(where);
    }

    private void check(TaskLifecycleTimestamps stamps) {
        if (stamps.waitTime().isNegative() || stamps.executionTime().isNegative()) {
            world.breach("time runs backwards: " + stamps);
        }
    }
}

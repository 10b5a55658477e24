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
import java.util.concurrent.atomic.AtomicLong;

/** A collector and a listener that count, and throw now and then after that. */
final class Books implements MetricsCollector, TaskManagerListener {

    private final World world;
    private final boolean keepsEvents;
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
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
                arrived.get(),
                completed.get(),
                failed.get(),
                cancelled.get(),
                timedOut.get(),
                retried.get(),
                rejected.get());
    }

    long events() {
        return events.get();
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
        count(completed, stamps, "recordCompletion");
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        count(failed, stamps, "recordFailure");
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
        count(timedOut, stamps, "recordTimeout");
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
                && !world.unlucky // the engine's own failure
                && event.outcome() != TaskOutcome.CANCELLED
                && event.outcome() != TaskOutcome.TIMED_OUT) {
            world.breach("an end without a start: " + event);
        }
        world.maybeStop(world.random(0x8000_0000_0000L + events.get()));
        count(events, "taskFinished");
    }

    private void count(AtomicLong counter, TaskLifecycleTimestamps stamps, String where) {
        counter.incrementAndGet(); // first, and without memory: there may be none
        check(stamps);
        world.maybeThrow(where);
    }

    private void count(AtomicLong counter, String where) {
        counter.incrementAndGet();
        world.maybeThrow(where);
    }

    private void check(TaskLifecycleTimestamps stamps) {
        if (stamps.waitTime().isNegative() || stamps.executionTime().isNegative()) {
            world.breach("time runs backwards: " + stamps);
        }
    }
}

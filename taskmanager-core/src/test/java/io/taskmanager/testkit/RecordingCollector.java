package io.taskmanager.testkit;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A collector that counts each call. */
public final class RecordingCollector implements MetricsCollector {

    /** What {@link #metrics} answers: numbers that no other collector would. */
    public static final TaskMetrics METRICS = new TaskMetrics(
            Duration.ofNanos(1),
            Duration.ofNanos(2),
            Duration.ofNanos(3),
            Duration.ofNanos(4),
            Duration.ofNanos(5),
            Duration.ofNanos(6),
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            Duration.ofNanos(14),
            Duration.ofNanos(15),
            Duration.ofNanos(16),
            Duration.ofNanos(17),
            18,
            19,
            20,
            21);

    private final AtomicInteger arrivals = new AtomicInteger();
    private final AtomicInteger retries = new AtomicInteger();
    private final AtomicInteger rejections = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();
    private final List<TaskLifecycleTimestamps> completions = new CopyOnWriteArrayList<>();
    private final List<TaskLifecycleTimestamps> failures = new CopyOnWriteArrayList<>();
    private final List<TaskLifecycleTimestamps> timeouts = new CopyOnWriteArrayList<>();

    @Override
    public void recordArrival() {
        arrivals.incrementAndGet();
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        completions.add(stamps);
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        failures.add(stamps);
    }

    @Override
    public void recordRetry() {
        retries.incrementAndGet();
    }

    @Override
    public void recordRejection() {
        rejections.incrementAndGet();
    }

    @Override
    public void recordCancellation() {
        cancellations.incrementAndGet();
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        timeouts.add(stamps);
    }

    @Override
    public TaskMetrics metrics() {
        return METRICS;
    }

    public int arrivals() {
        return arrivals.get();
    }

    public int retries() {
        return retries.get();
    }

    public int rejections() {
        return rejections.get();
    }

    public int cancellations() {
        return cancellations.get();
    }

    public List<TaskLifecycleTimestamps> completions() {
        return completions;
    }

    public List<TaskLifecycleTimestamps> failures() {
        return failures;
    }

    public List<TaskLifecycleTimestamps> timeouts() {
        return timeouts;
    }

    /** The records that end a task. */
    public int terminals() {
        return completions.size() + failures.size() + timeouts.size() + cancellations();
    }
}

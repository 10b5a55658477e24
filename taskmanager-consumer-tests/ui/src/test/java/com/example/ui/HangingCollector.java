package com.example.ui;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A user's own collector: gathers nothing, and hangs when asked for that, if told to. No component, or it were in every test. */
class HangingCollector implements MetricsCollector {

    private static final TaskMetrics NOTHING = new TaskMetrics(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            0,
            0,
            0,
            0);

    private volatile CountDownLatch gate = new CountDownLatch(0);

    void hang() {
        gate = new CountDownLatch(1);
    }

    void goOn() {
        gate.countDown();
    }

    @Override
    public TaskMetrics metrics() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the application ends
        }
        return NOTHING;
    }

    @Override
    public void recordArrival() {}

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {}

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {}

    @Override
    public void recordRetry() {}
}

package io.taskmanager.testkit;

import io.taskmanager.Logger;
import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskRejected;
import java.util.concurrent.atomic.AtomicInteger;

/** Parts that do nothing but throw: in the method of this name, or in every method for the name "every". */
public final class Throwing implements MetricsCollector, Logger, TaskManagerListener {

    public static final String EVERY = "every";

    private final String method;
    private final Throwable error;
    private final AtomicInteger thrown = new AtomicInteger();

    public Throwing(String method, Throwable error) {
        this.method = method;
        this.error = error;
    }

    /** How often it has thrown. */
    public int thrown() {
        return thrown.get();
    }

    private void called(String name) {
        if (method.equals(EVERY) || method.equals(name)) {
            thrown.incrementAndGet();
            throw Sneaky.rethrow(error);
        }
    }

    @Override
    public void recordArrival() {
        called("recordArrival");
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        called("recordCompletion");
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        called("recordFailure");
    }

    @Override
    public void recordRetry() {
        called("recordRetry");
    }

    @Override
    public void recordRejection() {
        called("recordRejection");
    }

    @Override
    public void recordCancellation() {
        called("recordCancellation");
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        called("recordTimeout");
    }

    @Override
    public TaskMetrics metrics() {
        called("metrics");
        return RecordingCollector.METRICS;
    }

    @Override
    public void debugf(String format, Object... args) {
        called("debugf");
    }

    @Override
    public void infof(String format, Object... args) {
        called("infof");
    }

    @Override
    public void warnf(String format, Object... args) {
        called("warnf");
    }

    @Override
    public void errorf(String format, Object... args) {
        called("errorf");
    }

    @Override
    public boolean isDebugEnabled() {
        called("isDebugEnabled");
        return true;
    }

    @Override
    public void taskFinished(TaskFinished event) {
        called("taskFinished");
    }

    @Override
    public void taskRejected(TaskRejected event) {
        called("taskRejected");
    }

    @Override
    public void event(TaskManagerEvent event) {
        called("event");
    }
}

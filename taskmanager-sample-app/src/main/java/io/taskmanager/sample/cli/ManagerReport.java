package io.taskmanager.sample.cli;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.sample.resource.CountedFactory;
import java.time.Duration;
import java.util.Locale;

/** Says in a few lines how a task manager did. */
final class ManagerReport {

    private ManagerReport() {}

    static String of(TaskManager<?, ?> manager, CountedFactory<?> factory) {
        return String.join(
                System.lineSeparator(),
                manager.name(),
                workers(manager.stats(), factory),
                tasks(manager.metrics()),
                times(manager.metrics()));
    }

    private static String workers(TaskStats stats, CountedFactory<?> factory) {
        return String.format(
                Locale.ROOT,
                "  workers   %d base, %d active, %d burst; queued %d main, %d priority; %d pooled;"
                        + " resources: %d created, %d destroyed so far",
                stats.baseWorkers(),
                stats.activeWorkers(),
                stats.burstWorkers(),
                stats.queuedTasks(),
                stats.priorityTasks(),
                stats.availableResources(),
                factory.created(),
                factory.destroyed());
    }

    private static String tasks(TaskMetrics metrics) {
        return String.format(
                Locale.ROOT,
                "  tasks     %d completed, %d failed, %d retried; success %.1f %%; arriving %.1f/s, completing %.1f/s",
                metrics.totalTasksCompleted(),
                metrics.totalTasksFailed(),
                metrics.totalTasksRetried(),
                100 * metrics.successRate(),
                metrics.taskArrivalRate(),
                metrics.taskCompletionRate());
    }

    private static String times(TaskMetrics metrics) {
        return String.format(
                Locale.ROOT,
                "  run time  mean %.1f ms, min %.1f, max %.1f, p95 %.1f, p99 %.1f; mean wait %.1f ms",
                millis(metrics.averageExecutionTime()),
                millis(metrics.minExecutionTime()),
                millis(metrics.maxExecutionTime()),
                millis(metrics.p95ExecutionTime()),
                millis(metrics.p99ExecutionTime()),
                millis(metrics.averageWaitTime()));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}

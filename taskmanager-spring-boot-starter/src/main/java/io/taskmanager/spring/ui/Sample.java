package io.taskmanager.spring.ui;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskStats;
import io.taskmanager.TaskTimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one manager at one moment. Those of tasks are totals since its start, so that the rate of an interval is a
 * difference, also where a sample is missing; so is the mean of an interval, that of two sums over that of two counts. Times are in
 * milliseconds.
 *
 * @param at when, in milliseconds since the epoch
 * @param main how many tasks wait in the main lane
 * @param priority how many in the priority lane
 * @param retry how many in the retry lane or in back-off
 * @param max how many workers there may be
 * @param waits how many tasks have ended that had been started
 * @param waitMillis what their waits add up to
 * @param runs as {@code waits}
 * @param runMillis what the run times of their last attempts add up to
 * @param waitP95 95th percentile of waits since the start; the other percentiles accordingly
 */
public record Sample(
        long at,
        long arrived,
        long completed,
        long failed,
        long retried,
        long rejected,
        long cancelled,
        long timedOut,
        int main,
        int priority,
        int retry,
        int busy,
        int active,
        int starting,
        int max,
        long waits,
        double waitMillis,
        long runs,
        double runMillis,
        double waitP95,
        double waitP99,
        double runP50,
        double runP95,
        double runP99,
        boolean paused,
        boolean outage) {

    /** Of a manager at the moment given; null if it is a mock, which has no numbers. */
    static @Nullable Sample of(TaskManager<?, ?> manager, long at) {
        @Nullable TaskStats stats = manager.stats();
        @Nullable TaskMetrics metrics = manager.metrics();
        @Nullable TaskManagerControl control = manager.control();
        if (stats == null || metrics == null || control == null) {
            return null;
        }
        Sum waits = new Sum();
        for (TaskLane lane : TaskLane.values()) {
            waits.add(control.waitTimes(lane));
        }
        Sum runs = new Sum();
        for (TaskOutcome outcome : TaskOutcome.values()) {
            runs.add(control.executionTimes(outcome));
        }
        return new Sample(
                at,
                metrics.totalTasksArrived(),
                metrics.totalTasksCompleted(),
                metrics.totalTasksFailed(),
                metrics.totalTasksRetried(),
                metrics.totalTasksRejected(),
                metrics.totalTasksCancelled(),
                metrics.totalTasksTimedOut(),
                stats.queuedTasks(),
                stats.priorityTasks(),
                stats.retryingTasks(),
                stats.busyWorkers(),
                stats.activeWorkers(),
                stats.startingWorkers(),
                control.maxWorkers(),
                waits.count,
                waits.millis,
                runs.count,
                runs.millis,
                millis(metrics.p95WaitTime()),
                millis(metrics.p99WaitTime()),
                millis(metrics.p50ExecutionTime()),
                millis(metrics.p95ExecutionTime()),
                millis(metrics.p99ExecutionTime()),
                stats.paused(),
                control.isOutage());
    }

    /** Beyond 292 years, too. */
    private static double millis(Duration duration) {
        return duration.getSeconds() * 1e3 + duration.getNano() / 1e6;
    }

    private static final class Sum {
        private long count;
        private double millis;

        void add(TaskTimes times) {
            count += times.count();
            millis += millis(times.total());
        }
    }
}

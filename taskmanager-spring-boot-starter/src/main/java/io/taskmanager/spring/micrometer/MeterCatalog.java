package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.Tags;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What each number of {@link TaskStats}, {@link TaskMetrics} and {@link TaskManagerControl} is called as a meter; only refused tasks are missing, which
 * {@link EventMeters} counts by reason. Series of one meter have the same tag keys and description, or Prometheus would
 * drop some.
 */
final class MeterCatalog {

    private static final String WORKERS = "Workers: base are kept at all times, active own a resource, burst are the"
            + " active ones beyond the base, starting are creating their resource";
    private static final String QUEUE = "Tasks waiting in each lane; retry includes those in back-off";

    static final List<Stat> STATS = List.of(
            new Stat("taskmanager.workers", Tags.of("kind", "base"), WORKERS, TaskStats::baseWorkers),
            new Stat("taskmanager.workers", Tags.of("kind", "active"), WORKERS, TaskStats::activeWorkers),
            new Stat("taskmanager.workers", Tags.of("kind", "burst"), WORKERS, TaskStats::burstWorkers),
            new Stat("taskmanager.workers", Tags.of("kind", "starting"), WORKERS, TaskStats::startingWorkers),
            new Stat("taskmanager.workers.busy", "Workers that run a task", TaskStats::busyWorkers),
            new Stat("taskmanager.queue.tasks", Tags.of("lane", "main"), QUEUE, TaskStats::queuedTasks),
            new Stat("taskmanager.queue.tasks", Tags.of("lane", "priority"), QUEUE, TaskStats::priorityTasks),
            new Stat("taskmanager.queue.tasks", Tags.of("lane", "retry"), QUEUE, TaskStats::retryingTasks),
            new Stat(
                    "taskmanager.resources.available",
                    "Idle resources in the pool of runTask",
                    TaskStats::availableResources),
            new Stat(
                    "taskmanager.resources.temporary",
                    "Temporary resources that runTask uses",
                    TaskStats::temporaryResources),
            new Stat("taskmanager.paused", "1 while workers take no tasks, else 0", stats -> stats.paused() ? 1 : 0));

    static final List<Steering> STEERING = List.of(
            new Steering("taskmanager.workers.max", "Workers there may be", TaskManagerControl::maxWorkers),
            new Steering(
                    "taskmanager.outage",
                    "1 while resources can't be created, else 0",
                    control -> control.isOutage() ? 1 : 0),
            new Steering(
                    "taskmanager.resources.total",
                    "Resources of workers, of the pool and temporary ones, those being destroyed included",
                    TaskManagerControl::totalResources));

    static final Steering LONGEST_RUN = new Steering(
            "taskmanager.tasks.running.longest",
            "How long the attempt has run that has run for the longest time",
            control -> control.longestRun().toNanos());

    static final List<Rate> RATES = List.of(
            new Rate(
                    "taskmanager.tasks.arrival.rate",
                    "Accepted tasks a second, over a recent window",
                    TaskMetrics::taskArrivalRate),
            new Rate(
                    "taskmanager.tasks.completion.rate",
                    "Completed and failed tasks a second, over a recent window",
                    TaskMetrics::taskCompletionRate),
            new Rate(
                    "taskmanager.tasks.success.rate",
                    "Completed tasks over all that ended, 0 to 1",
                    TaskMetrics::successRate),
            new Rate(
                    "taskmanager.tasks.failure.rate",
                    "Failed and timed-out tasks over all that ended, 0 to 1",
                    TaskMetrics::failureRate));

    static final List<Count> COUNTS = List.of(
            new Count("taskmanager.tasks.arrived", "Accepted tasks", TaskMetrics::totalTasksArrived),
            new Count("taskmanager.tasks.completed", "Tasks that returned", TaskMetrics::totalTasksCompleted),
            new Count("taskmanager.tasks.failed", "Tasks that threw for good", TaskMetrics::totalTasksFailed),
            new Count(
                    "taskmanager.tasks.retried",
                    "Retries; a task retried twice counts two",
                    TaskMetrics::totalTasksRetried),
            new Count("taskmanager.tasks.cancelled", "Cancelled tasks", TaskMetrics::totalTasksCancelled),
            new Count(
                    "taskmanager.tasks.timedout", "Tasks that ran into a time limit", TaskMetrics::totalTasksTimedOut));

    static final List<Time> TIMES = List.of(
            new Time("taskmanager.tasks.execution.time.average", "Mean run time", TaskMetrics::averageExecutionTime),
            new Time("taskmanager.tasks.execution.time.min", "Shortest run time", TaskMetrics::minExecutionTime),
            new Time("taskmanager.tasks.execution.time.max", "Longest run time", TaskMetrics::maxExecutionTime),
            new Time("taskmanager.tasks.execution.time.p50", "Median run time", TaskMetrics::p50ExecutionTime),
            new Time(
                    "taskmanager.tasks.execution.time.p95",
                    "95th percentile of run times",
                    TaskMetrics::p95ExecutionTime),
            new Time(
                    "taskmanager.tasks.execution.time.p99",
                    "99th percentile of run times",
                    TaskMetrics::p99ExecutionTime),
            new Time("taskmanager.tasks.wait.time.average", "Mean wait", TaskMetrics::averageWaitTime),
            new Time("taskmanager.tasks.wait.time.p95", "95th percentile of waits", TaskMetrics::p95WaitTime),
            new Time("taskmanager.tasks.wait.time.p99", "99th percentile of waits", TaskMetrics::p99WaitTime),
            new Time("taskmanager.tasks.wait.time.max", "Longest wait", TaskMetrics::maxWaitTime));

    private MeterCatalog() {}

    record Stat(String meter, Tags tags, String description, ToDoubleFunction<TaskStats> value) {
        Stat(String meter, String description, ToDoubleFunction<TaskStats> value) {
            this(meter, Tags.empty(), description, value);
        }
    }

    record Steering(String meter, String description, ToDoubleFunction<TaskManagerControl> value) {}

    record Rate(String meter, String description, ToDoubleFunction<TaskMetrics> value) {}

    record Count(String meter, String description, ToLongFunction<TaskMetrics> value) {}

    record Time(String meter, String description, Function<TaskMetrics, Duration> value) {}
}

package io.taskmanager;

import java.time.Duration;

/**
 * What a {@link MetricsCollector} has gathered. Totals, times and percentiles are since the start; rates are over a
 * recent window. Times are those of tasks that completed or failed, of the last attempt for a retried one; zero where
 * there was none. The default collector gives percentiles within 1 %, longer times than a day as a day, and all else
 * exactly, for ever.
 *
 * @param averageExecutionTime mean run time
 * @param minExecutionTime shortest run time
 * @param maxExecutionTime longest run time
 * @param p95ExecutionTime 95th percentile of run times
 * @param p99ExecutionTime 99th percentile of run times
 * @param averageWaitTime mean time from acceptance to the start of the last attempt
 * @param taskArrivalRate accepted tasks a second, over the window
 * @param taskCompletionRate completed and failed tasks a second, over the window
 * @param totalTasksCompleted tasks that returned
 * @param totalTasksFailed tasks that threw for good
 * @param totalTasksRetried retries (not tasks: a task retried twice counts two)
 * @param successRate completed over terminal tasks (completed, failed, cancelled, timed out), 0 to 1; 0 when none
 * @param failureRate failed and timed out over terminal tasks, 0 to 1; 0 when none
 * @param p50ExecutionTime median run time
 * @param p95WaitTime 95th percentile of wait times
 * @param p99WaitTime 99th percentile of wait times
 * @param maxWaitTime longest wait
 * @param totalTasksArrived accepted tasks
 * @param totalTasksRejected refused tasks
 * @param totalTasksCancelled cancelled tasks, by their caller or by a kill
 * @param totalTasksTimedOut tasks that ran into a time limit
 */
public record TaskMetrics(
        Duration averageExecutionTime,
        Duration minExecutionTime,
        Duration maxExecutionTime,
        Duration p95ExecutionTime,
        Duration p99ExecutionTime,
        Duration averageWaitTime,
        double taskArrivalRate,
        double taskCompletionRate,
        long totalTasksCompleted,
        long totalTasksFailed,
        long totalTasksRetried,
        double successRate,
        double failureRate,
        Duration p50ExecutionTime,
        Duration p95WaitTime,
        Duration p99WaitTime,
        Duration maxWaitTime,
        long totalTasksArrived,
        long totalTasksRejected,
        long totalTasksCancelled,
        long totalTasksTimedOut) {}

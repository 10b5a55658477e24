package io.taskmanager;

import java.time.Duration;

/**
 * What a {@link ScalingPolicy} decides from. Rates are over the last ten seconds, or since the start if that is less.
 * Retries are not demand and are in none of the counts; nor are tasks of {@link TaskManager#runTask}.
 *
 * @param baseWorkers the least workers allowed
 * @param maxWorkers the most workers allowed
 * @param activeWorkers the workers that own a resource
 * @param startingWorkers the workers that are creating one, or wait to
 * @param busyWorkers the workers that run a task
 * @param backlog the tasks in the main and the priority lane
 * @param arrivalRate tasks accepted a second
 * @param completionRate attempts finished a second
 * @param averageExecutionTime mean run time of the attempts finished in the window; zero if none finished
 * @param resourceCreationTime how long a resource takes to create: the median of the last five creations that succeeded,
 *     the lower of the two in the middle of an even number; zero before the first
 * @param idleTime for how long there has been no backlog and at least one idle worker; zero if there is none now
 */
public record ScalingSnapshot(
        int baseWorkers,
        int maxWorkers,
        int activeWorkers,
        int startingWorkers,
        int busyWorkers,
        int backlog,
        double arrivalRate,
        double completionRate,
        Duration averageExecutionTime,
        Duration resourceCreationTime,
        Duration idleTime) {}

package io.taskmanager;

/**
 * A snapshot of a manager's counters, taken at one moment for each of its parts (queue, workers, pool).
 *
 * @param baseWorkers the workers kept at all times, {@link TaskManagerConfig#workerCount()}
 * @param activeWorkers the workers that own a resource now
 * @param burstWorkers how many of the active workers are beyond the base
 * @param queuedTasks the depth of the main lane
 * @param priorityTasks the depth of the priority lane
 * @param availableResources the idle resources in the pool of {@link TaskManager#runTask}
 * @param busyWorkers the workers that run a task now
 * @param startingWorkers the workers that are creating their resource, or wait to
 * @param retryingTasks the tasks in back-off or in the retry lane
 * @param temporaryResources the temporary resources in use by {@link TaskManager#runTask}
 * @param paused whether workers take no tasks for the time being
 */
public record TaskStats(
        int baseWorkers,
        int activeWorkers,
        int burstWorkers,
        int queuedTasks,
        int priorityTasks,
        int availableResources,
        int busyWorkers,
        int startingWorkers,
        int retryingTasks,
        int temporaryResources,
        boolean paused) {}

package io.taskmanager.engine;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue.Admission;
import java.time.Duration;
import java.time.Instant;

/** Says why a task is refused at the front, with the manager's numbers of that moment. Has no state of its own, and no lock. */
record Rejections(TaskManagerConfig<?> config, TaskManager<?, ?> manager) {

    /**
     * By the queue.
     *
     * @param admission not {@link Admission#ACCEPTED}
     * @param whenFull the reason where a lane was full
     */
    TaskRejectedException of(Admission admission, QueuedTask<?, ?> task, Reason whenFull) {
        return admission == Admission.CLOSED ? shuttingDown() : full(task.submittedTo(), whenFull);
    }

    TaskRejectedException shuttingDown() {
        return new TaskRejectedException(
                Reason.SHUTTING_DOWN, "manager \"" + config.name() + "\" is shutting down (" + manager.state() + ")");
    }

    private TaskRejectedException full(TaskLane lane, Reason reason) {
        boolean priority = lane == TaskLane.PRIORITY;
        TaskStats stats = manager.stats();
        return new TaskRejectedException(
                reason,
                "the " + (priority ? "priority" : "main") + " lane of manager \"" + config.name() + "\" "
                        + (reason == Reason.ENQUEUE_TIMEOUT ? "stayed full for " + enqueueTimeout() : "is full")
                        + ": active=" + stats.activeWorkers() + ", busy=" + stats.busyWorkers() + ", starting="
                        + stats.startingWorkers() + ", queued=" + stats.queuedTasks() + ", priority="
                        + stats.priorityTasks() + ", retrying=" + stats.retryingTasks() + ", limit="
                        + (priority ? config.priorityQueueCapacity() : config.queueCapacity()));
    }

    private String enqueueTimeout() {
        return config.enqueueTimeout().map(Duration::toString).orElse("ever");
    }

    TaskRejectedException deadlinePassed(Instant deadline) {
        return new TaskRejectedException(
                Reason.DEADLINE,
                "the deadline " + deadline + " of a task for manager \"" + config.name()
                        + "\" had passed when it was submitted");
    }

    /** Of an async form that runs its task at once. */
    TaskRejectedException interrupted() {
        return new TaskRejectedException(
                Reason.NO_RESOURCE,
                "the caller of manager \"" + config.name() + "\" was interrupted while it waited for a resource");
    }
}

package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOutcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a task that is observed: for a {@link TaskObservationConvention}, and for the predicates, filters and handlers
 * of the application, which know it by its type. Made when the task is first started, or ends unstarted. Its outcome is
 * null until its end.
 *
 * <p>Written by the thread that runs or ends the task, read by any.
 */
public final class TaskObservationContext extends Observation.Context {

    private final String managerName;
    private final String taskName;
    private final TaskLane lane;
    private final Map<String, String> tags;
    private volatile @Nullable TaskOutcome outcome;
    private volatile int attempts;

    TaskObservationContext(String managerName, String taskName, TaskLane lane, Map<String, String> tags) {
        this.managerName = managerName;
        this.taskName = taskName;
        this.lane = lane;
        this.tags = tags;
    }

    /** The name of the task's manager. */
    public String getManagerName() {
        return managerName;
    }

    /** The name given in {@link io.taskmanager.TaskOptions}, or one made from the order of submission. */
    public String getTaskName() {
        return taskName;
    }

    /** Where the task was submitted: {@link TaskLane#DIRECT} for {@code runTask}. */
    public TaskLane getLane() {
        return lane;
    }

    /** How the task ended; null until then. */
    public @Nullable TaskOutcome getOutcome() {
        return outcome;
    }

    /** How often the task was started so far; 0 if it ended before its first attempt. */
    public int getAttempts() {
        return attempts;
    }

    /** What the {@link io.taskmanager.TaskOptions} say of the task. */
    public Map<String, String> getTags() {
        return tags;
    }

    void started(int attempt) {
        attempts = attempt;
    }

    void ended(TaskFinished event) {
        attempts = event.attempts();
        outcome = event.outcome();
    }
}

package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOutcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a task that is observed: for a {@link TaskObservationConvention}, and for the predicates, filters and handlers
 * of the application, which know it by its type. Made when the task is first started, or ends unstarted. What only the end of a
 * task tells is null or empty before that.
 *
 * <p>Written by the thread that runs or ends the task, read by any.
 */
public final class TaskObservationContext extends Observation.Context {

    private final String managerName;
    private final String taskName;
    private volatile @Nullable TaskLane lane;
    private volatile @Nullable TaskOutcome outcome;
    private volatile int attempts;
    private volatile Map<String, String> tags = Map.of();

    TaskObservationContext(String managerName, String taskName, @Nullable TaskLane lane) {
        this.managerName = managerName;
        this.taskName = taskName;
        this.lane = lane;
    }

    /** The name of the task's manager. */
    public String getManagerName() {
        return managerName;
    }

    /** The name given in {@link io.taskmanager.TaskOptions}, or one made from the order of submission. */
    public String getTaskName() {
        return taskName;
    }

    /** Where the task was submitted; null until its end, but for {@link TaskLane#DIRECT}, which is known from the start. */
    public @Nullable TaskLane getLane() {
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

    /** What the {@link io.taskmanager.TaskOptions} say of the task; empty until its end. */
    public Map<String, String> getTags() {
        return tags;
    }

    void started(int attempt) {
        attempts = attempt;
    }

    void ended(TaskFinished event) {
        lane = event.lane();
        attempts = event.attempts();
        tags = event.tags();
        outcome = event.outcome();
    }
}

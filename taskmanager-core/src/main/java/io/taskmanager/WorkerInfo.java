package io.taskmanager;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One worker at one moment.
 *
 * @param id its number, from 1 in the order of their start
 * @param burst whether it is beyond the base workers, counted by id
 * @param state what it is doing
 * @param taskName the {@linkplain TaskContext#taskName name} of the task that it runs; null if it runs none
 * @param busyFor how long its task has run; null if it runs none
 * @param resourceAge how long ago its resource was created; null if it has none
 * @param uses how many tasks have used its resource
 * @param generation how many recycles its resource has come after
 * @param lastOutcomes how its last tasks ended, at most 10, the latest last
 */
public record WorkerInfo(
        int id,
        boolean burst,
        State state,
        @Nullable String taskName,
        @Nullable Duration busyFor,
        @Nullable Duration resourceAge,
        long uses,
        int generation,
        List<TaskOutcome> lastOutcomes) {

    /** What a worker is doing. */
    public enum State {
        /** Has no resource: its thread has not begun, or it waits for the right to create, as in an outage. */
        STARTING,
        /** Creating its resource: {@link ResourceFactory#create}. */
        CREATING,
        /** Asking whether its resource is fit: {@link ResourceFactory#validate}, or what an error means: {@link HealthCheck}. */
        VALIDATING,
        /** Making its resource ready for the next task: {@link ResourceFactory#reset}. */
        RESETTING,
        /** Destroying its resource: {@link ResourceFactory#destroy}. */
        DESTROYING,
        /** Waiting for a task. */
        IDLE,
        /** Running one. */
        BUSY
    }
}

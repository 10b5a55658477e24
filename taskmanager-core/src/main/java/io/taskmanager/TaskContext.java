package io.taskmanager;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a running task knows of its attempt. Valid until the task returns; any thread may call it. */
public interface TaskContext {

    /** Whether the task was cancelled or its manager killed. */
    boolean isCancelled();

    /**
     * Leaves a cancelled task.
     *
     * @throws TaskCancelledException if {@link #isCancelled()}
     */
    void throwIfCancelled();

    /**
     * Runs an action when the task is cancelled, on the cancelling thread; at once, on this one, if it already is. What
     * the action throws is logged. An action is dropped when its task ends uncancelled.
     */
    void onCancel(Runnable action);

    /** The attempt's number: 1, and one more for each retry. */
    int attempt();

    /** When the task's answer is due, if it has a deadline. */
    Optional<Instant> deadline();

    /** The name given in {@link TaskOptions}, or one made from the order of submission. */
    String taskName();

    /** The name of the manager that runs the task. */
    String managerName();

    /** Where the task was submitted: {@link TaskLane#DIRECT} for {@code runTask}. */
    default TaskLane lane() {
        return TaskLane.MAIN;
    }

    /** What {@link TaskOptions} say of the task for listeners; can't be changed. */
    default Map<String, String> tags() {
        return Map.of();
    }

    /**
     * Whether this attempt runs on the thread that submitted the task, which waits for it: a blocking call whose worker is lent,
     * {@code runTask}, or a full lane's {@link OverflowPolicy#CALLER_RUNS}. Then all that is bound to that thread is there, and
     * a {@link TaskDecorator} has nothing to carry.
     */
    default boolean isOnCallersThread() {
        return false;
    }
}

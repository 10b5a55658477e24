package io.taskmanager;

/**
 * Decides, from what a task threw, whether its resource can still be used. Called by the thread that ran the task. A
 * check that throws is logged, and its answer taken as healthy. One that takes longer than
 * {@link TaskManagerConfig#validationTimeout()} is interrupted, and its answer taken as broken; one that ignores that for
 * {@link TaskManagerConfig#stuckTaskGrace()} is abandoned with its worker, and the task fails with what it threw.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * Whether the resource is still healthy.
     *
     * @param error what the task threw, unwrapped
     * @return true: the resource stays, and the task fails; false: the resource is destroyed and replaced, and the task
     *     is retried where its form allows; where there is a {@link RetryPolicy}, that decides about the task
     */
    boolean isHealthy(Throwable error);
}

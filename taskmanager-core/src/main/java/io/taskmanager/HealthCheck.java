package io.taskmanager;

/**
 * Decides, from what a task threw, whether its resource can still be used. Called by the thread that ran the task. A
 * check that throws is logged, and its answer taken as healthy.
 */
@FunctionalInterface
public interface HealthCheck {

    /**
     * Whether the resource is still healthy.
     *
     * @param error what the task threw, unwrapped
     * @return true: the task fails and the resource stays; false: the resource is destroyed and replaced, and the task
     *     is retried where its form allows
     */
    boolean isHealthy(Throwable error);
}

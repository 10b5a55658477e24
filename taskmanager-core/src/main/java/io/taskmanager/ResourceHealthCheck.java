package io.taskmanager;

/**
 * A {@link HealthCheck} with the resource in hand: for errors that do not tell by themselves whether the resource is broken,
 * as where one type of exception is thrown for a crashed browser and for a slow page. Called by the thread that ran the task,
 * which holds the resource. One that throws or hangs is treated as a {@link HealthCheck} that does.
 *
 * @param <R> the resource
 */
@FunctionalInterface
public interface ResourceHealthCheck<R> {

    /**
     * Whether the resource is still healthy.
     *
     * @param error what the task threw, unwrapped
     * @param resource the resource that it ran on
     * @return see {@link HealthCheck#isHealthy}
     */
    boolean isHealthy(Throwable error, R resource);
}

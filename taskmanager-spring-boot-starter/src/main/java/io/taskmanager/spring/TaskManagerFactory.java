package io.taskmanager.spring;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;

/**
 * Creates the managers of the configuration: {@link TaskManagers#begin}, unless there is a bean of this type. That is for tests,
 * which may want managers that run their tasks at once: {@code @AutoConfigureTaskManager} of {@code taskmanager-test} brings one.
 */
@FunctionalInterface
public interface TaskManagerFactory {

    /**
     * Creates a manager: when the application starts, and again for each start of its context after a stop. One that is begun
     * alone is waited for, together with all others, when all beans are there.
     *
     * @param config all that the properties, the customizers and the beans of the application say of it
     * @param <R> the resource
     */
    <R> TaskManager<R, Object> create(TaskManagerConfig<R> config);
}

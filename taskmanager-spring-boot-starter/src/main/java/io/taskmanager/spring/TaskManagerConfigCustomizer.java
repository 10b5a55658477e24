package io.taskmanager.spring;

import io.taskmanager.TaskManagerConfig;

/**
 * Changes the config of managers before they are created. Every bean of this type is called once for each manager under
 * {@code taskmanager.managers}, in the order of {@code @Order}, after the properties were applied; what it throws fails
 * the start of the application.
 */
@FunctionalInterface
public interface TaskManagerConfigCustomizer {

    /**
     * Customizes one manager.
     *
     * @param managerName the key under {@code taskmanager.managers}; it stays the manager's name, whatever name is set
     *     here
     * @param builder the config so far
     */
    void customize(String managerName, TaskManagerConfig.Builder<?> builder);
}

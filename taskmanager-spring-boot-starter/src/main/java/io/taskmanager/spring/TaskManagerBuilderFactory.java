package io.taskmanager.spring;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerConfig;

/**
 * Begins the config of a manager that the application creates itself, so that it has all that those under
 * {@code taskmanager.managers} have: the settings of {@code taskmanager.defaults} and of
 * {@code taskmanager.managers.<name>}, the SLF4J logger, the submitter's context around tasks, the beans that are meant for
 * the manager, the customizers, and the listeners that publish its events and count them.
 *
 * <pre>{@code
 * @Bean
 * TaskManager<Session, Object> ledgerTaskManager(TaskManagerBuilderFactory builders, ResourceFactory<Session> sessions) {
 *     return TaskManagers.create(builders.builder("ledger", sessions).workerCount(2).build());
 * }
 * }</pre>
 */
public interface TaskManagerBuilderFactory {

    /**
     * A new builder. A listener or a decorator that is set on it takes the place of all that are there; to add one, declare
     * it as a bean. The worker count has to be set, by property or on the builder.
     *
     * @param name of the manager; that of its bean without the suffix {@code TaskManager}, or its events are not counted
     * @param resourceFactory what its resources are made with
     */
    <R> TaskManagerConfig.Builder<R> builder(String name, ResourceFactory<R> resourceFactory);
}

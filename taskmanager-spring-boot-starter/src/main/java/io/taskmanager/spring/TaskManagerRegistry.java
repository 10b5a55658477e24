package io.taskmanager.spring;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The managers under {@code taskmanager.managers}, by the name that they have there, whatever {@link TaskManager#name()}
 * says: the bean may be the application's own, or a mock. A manager that is lazy and was not needed yet is created when
 * it is asked for. May be used by any thread.
 */
public interface TaskManagerRegistry {

    /**
     * The manager of that name.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    TaskManager<?, ?> get(String name);

    /** The names of all managers, in the order of the configuration. */
    Set<String> names();

    /** All managers by name, in the order of the configuration; a copy. */
    Map<String, TaskManager<?, ?>> all();

    /**
     * What the manager was created with; empty if the starter didn't create it (yet).
     *
     * @throws IllegalArgumentException as {@link #get}
     */
    Optional<TaskManagerConfig<?>> config(String name);
}

package io.taskmanager.spring;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The manager beans of an application context and of its parents, by name, whatever {@link TaskManager#name()} says: a bean
 * may be a mock. Those under {@code taskmanager.managers} have the name that they have there. The application's own have
 * their bean's without the suffix {@code TaskManager}: {@code ledgerTaskManager} and {@code ledger} both are {@code ledger},
 * and it is an error if a context has both. A manager of the context hides one of that name in a parent.
 *
 * <p>A bean of which there is not one instance, as it is a prototype or has a scope, is not here. A manager that is lazy and
 * was not needed yet is created when it is asked for. May be used by any thread.
 */
public interface TaskManagerRegistry {

    /**
     * The manager of that name.
     *
     * @throws IllegalArgumentException if there is none; the message says which there are
     */
    TaskManager<?, ?> get(String name);

    /**
     * The names of all managers: those of the configuration in its order, then the application's own, then those of parent
     * contexts.
     */
    Set<String> names();

    /** All managers by name, in the order of {@link #names}; a copy. */
    Map<String, TaskManager<?, ?>> all();

    /**
     * What the manager was created with; empty if the starter didn't create it (yet).
     *
     * @throws IllegalArgumentException as {@link #get}
     */
    Optional<TaskManagerConfig<?>> config(String name);
}

package io.taskmanager.engine;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import org.jspecify.annotations.Nullable;

/** Creates managers: the only entry point of the engine. */
public final class TaskManagers {

    private TaskManagers() {}

    public static <R, E extends @Nullable Object> TaskManager<R, E> create(TaskManagerConfig<R> config) {
        throw new UnsupportedOperationException(config.name());
    }
}

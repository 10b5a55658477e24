package io.taskmanager.engine;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.ManualTimer;

/** Creates managers for tests of other packages whose time moves only when the test says so. */
public final class ManualManagers {

    private ManualManagers() {}

    public static <R> TaskManager<R, Object> create(TaskManagerConfig<R> config, ManualTimer timer) {
        return TaskManagers.create(config, timer);
    }
}

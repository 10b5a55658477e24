package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of each manager, with the tag {@code name} first: all of {@link TaskStats} and {@link TaskMetrics}, read when
 * a meter is, and the timers and counters of the managers' events. They leave the registry with their
 * manager, or when this is closed. May be used by any thread.
 *
 * <p>The timers {@code taskmanager.tasks.execution} and {@code taskmanager.tasks.wait} read what the manager has recorded, and
 * cost a task nothing. Where {@code management.metrics.distribution.*} gives them buckets or percentiles, they are fed with each
 * task instead.
 */
public final class TaskManagerMeters implements TaskManagerListener, AutoCloseable {

    private final MeterRegistry meters;
    private final TaskManagerRegistry managers;

    /** By name. Changed only where a manager is created or destroyed; read for each event of any. */
    private final Map<String, ManagerMeters> byName = new ConcurrentHashMap<>();

    /** Registers the meters of each manager there is. No manager is looked up before a meter is read. */
    public TaskManagerMeters(MeterRegistry meters, TaskManagerRegistry managers) {
        this(meters, managers, managers.names());
    }

    /** As {@link #TaskManagerMeters(MeterRegistry, TaskManagerRegistry)}, of some managers alone: others have their meters elsewhere. */
    public TaskManagerMeters(MeterRegistry meters, TaskManagerRegistry managers, Set<String> names) {
        this.meters = meters;
        this.managers = managers;
        names.forEach(this::add);
    }

    /** Registers the meters of a manager, all counters at 0, unless it has them. */
    public void add(String managerName) {
        byName.computeIfAbsent(managerName, name -> new ManagerMeters(meters, name, () -> managers.get(name)));
    }

    /** Takes the meters of a manager out of the registry; its further events are not counted. */
    public void remove(String managerName) {
        ManagerMeters removed = byName.remove(managerName);
        if (removed != null) {
            removed.remove();
        }
    }

    /** The names of the managers that have meters now; a copy. */
    public Set<String> managerNames() {
        return Set.copyOf(byName.keySet());
    }

    /** Takes all meters out of the registry. */
    @Override
    public void close() {
        managerNames().forEach(this::remove);
    }

    @Override
    public void event(TaskManagerEvent event) {
        ManagerMeters manager = byName.get(event.managerName());
        if (manager != null) {
            manager.listener().event(event);
        }
    }

    @Override
    public void taskRejected(TaskRejected event) {
        ManagerMeters manager = byName.get(event.managerName());
        if (manager != null) {
            manager.listener().taskRejected(event);
        }
    }

    /** Only where a registry keeps more of the tasks' times than the managers have recorded. */
    @Override
    public boolean listensToFinishedTasks() {
        return byName.values().stream().anyMatch(manager -> manager.listener().listensToFinishedTasks());
    }

    @Override
    public void taskFinished(TaskFinished event) {
        ManagerMeters manager = byName.get(event.managerName());
        if (manager != null) {
            manager.listener().taskFinished(event);
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks the beans up each time, so that none is created before it is needed. */
final class DefaultTaskManagerRegistry implements TaskManagerRegistry {

    private final ManagerDirectory managers;
    private final CreatedManagers created;
    private final TaskManagerCreator creator;
    private final @Nullable TaskManagerRegistry parent;

    /** @param parent that of the parent context, if there is one */
    DefaultTaskManagerRegistry(
            ManagerDirectory managers,
            CreatedManagers created,
            TaskManagerCreator creator,
            @Nullable TaskManagerRegistry parent) {
        this.managers = managers;
        this.created = created;
        this.creator = creator;
        this.parent = parent;
    }

    @Override
    public TaskManager<?, ?> get(String name) {
        TaskManagerRegistry elsewhere = elsewhere(name);
        return elsewhere == null ? managers.get(name) : elsewhere.get(name);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(managers.names());
        if (parent != null) {
            names.addAll(parent.names());
        }
        return names;
    }

    @Override
    public Map<String, TaskManager<?, ?>> all() {
        Map<String, TaskManager<?, ?>> all = new LinkedHashMap<>();
        names().forEach(name -> all.put(name, get(name)));
        return all;
    }

    /** As {@link #all}, but null for each that was not needed yet: one that is lazy, or is made by a factory bean. */
    Map<String, @Nullable TaskManager<?, ?>> created() {
        Map<String, @Nullable TaskManager<?, ?>> all = new LinkedHashMap<>();
        managers.names()
                .forEach(name ->
                        all.put(name, created.find(managers.beanName(name)).orElse(null)));
        createdInParent().forEach((name, manager) -> {
            // One that is not there yet hides the parent's all the same, which putIfAbsent would put in its place.
            if (!all.containsKey(name)) {
                all.put(name, manager);
            }
        });
        return all;
    }

    private Map<String, ? extends @Nullable TaskManager<?, ?>> createdInParent() {
        if (parent instanceof DefaultTaskManagerRegistry ours) {
            return ours.created();
        }
        return parent == null ? Map.of() : parent.all();
    }

    @Override
    public Optional<TaskManagerConfig<?>> config(String name) {
        TaskManagerRegistry elsewhere = elsewhere(name);
        return elsewhere == null ? creator.config(name) : elsewhere.config(name);
    }

    /** The parent, if it is the one that has the manager; null if it is here. */
    private @Nullable TaskManagerRegistry elsewhere(String name) {
        if (managers.names().contains(name)) {
            return null;
        }
        if (parent != null && parent.names().contains(name)) {
            return parent;
        }
        throw new IllegalArgumentException("no task manager is named '" + name + "'; there are " + names());
    }
}

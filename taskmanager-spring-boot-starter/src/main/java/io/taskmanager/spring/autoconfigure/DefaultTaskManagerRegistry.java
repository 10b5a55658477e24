package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;

/** Looks the beans up each time, so that none is created before it is needed. */
final class DefaultTaskManagerRegistry implements TaskManagerRegistry {

    private final BeanFactory beans;
    private final TaskManagerCreator creator;
    private final Set<String> names;

    DefaultTaskManagerRegistry(BeanFactory beans, TaskManagerCreator creator, Collection<String> names) {
        this.beans = beans;
        this.creator = creator;
        this.names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    @Override
    public TaskManager<?, ?> get(String name) {
        check(name);
        return beans.getBean(new ManagerName(name).beanName(), TaskManager.class);
    }

    @Override
    public Set<String> names() {
        return names;
    }

    @Override
    public Map<String, TaskManager<?, ?>> all() {
        Map<String, TaskManager<?, ?>> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, get(name)));
        return all;
    }

    @Override
    public Optional<TaskManagerConfig<?>> config(String name) {
        check(name);
        return creator.config(name);
    }

    private void check(String name) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "no task manager is named '" + name + "'; under taskmanager.managers there are " + names);
        }
    }
}

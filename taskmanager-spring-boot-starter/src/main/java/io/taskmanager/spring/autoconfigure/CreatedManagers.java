package io.taskmanager.spring.autoconfigure;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * The managers that have been created, so that none has to be created to be stopped. Waits for the start of those that
 * were begun alone: of all of them together, when all beans are there; after that, of each when it is created.
 */
final class CreatedManagers implements DestructionAwareBeanPostProcessor, SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;

    /** By bean name. Written by the threads that create and destroy beans, read by those that stop the context. */
    private final Map<String, TaskManager<?, ?>> created = new ConcurrentHashMap<>();

    /** Set once, by the thread that starts the context; read by those that create beans. */
    private volatile boolean waitsForEach;

    CreatedManagers(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The bean of that name, if it has been created. One that was registered as a singleton, such as a mock, met no processor. */
    Optional<TaskManager<?, ?>> find(String beanName) {
        TaskManager<?, ?> manager = created.get(beanName);
        return Optional.ofNullable(manager == null ? registered(beanName) : manager);
    }

    private @Nullable TaskManager<?, ?> registered(String beanName) {
        // Asked for one that is being created, getSingleton would make an early reference to it.
        return beans.containsSingleton(beanName) && beans.getSingleton(beanName) instanceof TaskManager<?, ?> manager
                ? manager
                : null;
    }

    /** Before: the manager itself, and not what others wrap around it. */
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
        if (bean instanceof TaskManager<?, ?> manager) {
            created.put(beanName, manager);
        }
        return bean;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof TaskManager<?, ?> manager) {
            created.putIfAbsent(beanName, manager); // what a factory bean makes
            if (waitsForEach) {
                RestartableTaskManager.awaitStart(List.of(created.get(beanName)));
            }
        }
        return bean;
    }

    /** Fails as the creation of a bean does. */
    @Override
    public void afterSingletonsInstantiated() {
        waitsForEach = true;
        try {
            RestartableTaskManager.awaitStart(created.values());
        } catch (ResourceCreationException e) {
            throw new BeanCreationException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof TaskManager;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        created.remove(beanName);
    }
}

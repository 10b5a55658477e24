package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * The managers that have been created, so that none has to be created to be stopped. Waits for those of the configuration that
 * wait for their first resource: for all of them together, when all beans are there; after that, for each at once.
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

    /** The bean of that name, if it has been created. One without a definition was there before all processors. */
    Optional<TaskManager<?, ?>> find(String beanName) {
        return !beans.containsBeanDefinition(beanName)
                        && beans.getSingleton(beanName) instanceof TaskManager<?, ?> manager
                ? Optional.of(manager)
                : Optional.ofNullable(created.get(beanName));
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
                ManagerStart.awaitAll(start(beanName).toList());
            }
        }
        return bean;
    }

    @Override
    public void afterSingletonsInstantiated() {
        waitsForEach = true;
        ManagerStart.awaitAll(created.keySet().stream().flatMap(this::start).toList());
    }

    /** That of a manager of the configuration; fails as the creation of its bean would. */
    private Stream<CompletableFuture<?>> start(String beanName) {
        return created.get(beanName) instanceof RestartableTaskManager<?> manager
                ? Stream.of(manager.created().exceptionally(failure -> {
                    throw new BeanCreationException(beanName, String.valueOf(failure.getMessage()), failure);
                }))
                : Stream.empty();
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

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/** The managers that have been created, so that none has to be created to be stopped. */
final class CreatedManagers implements DestructionAwareBeanPostProcessor {

    private final ConfigurableListableBeanFactory beans;

    /** By bean name. Written by the threads that create and destroy beans, read by those that stop the context. */
    private final Map<String, TaskManager<?, ?>> created = new ConcurrentHashMap<>();

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

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof TaskManager<?, ?> manager) {
            created.put(beanName, manager);
        }
        return bean;
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

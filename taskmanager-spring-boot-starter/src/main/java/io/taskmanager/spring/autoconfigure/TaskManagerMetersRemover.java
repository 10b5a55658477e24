package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.spring.micrometer.TaskManagerMeters;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;

/**
 * Removes a manager's meters when its bean is destroyed. Keeps the beans that it needs when they are made, since none may
 * be looked up while beans are destroyed.
 */
final class TaskManagerMetersRemover implements DestructionAwareBeanPostProcessor {

    // Each written once by the thread that makes the bean, read by those that destroy managers.
    private volatile @Nullable TaskManagerMeters meters;
    private volatile @Nullable ManagerDirectory managers;

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof TaskManagerMeters made) {
            meters = made;
        } else if (bean instanceof ManagerDirectory made) {
            managers = made;
        }
        return bean;
    }

    @Override
    public boolean requiresDestruction(Object bean) {
        return bean instanceof TaskManager;
    }

    @Override
    public void postProcessBeforeDestruction(Object bean, String beanName) {
        TaskManagerMeters all = meters;
        ManagerDirectory names = managers;
        if (all != null && names != null) {
            names.nameOf(beanName).forEach(all::remove);
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.TaskManagerRegistry;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Auto-configuration of the managers under {@code taskmanager.managers}. */
@AutoConfiguration
@EnableConfigurationProperties({TaskManagerProperties.class, LifecycleProperties.class})
@Import(TaskManagerRegistrar.class)
public final class TaskManagerAutoConfiguration {

    @Bean
    static TaskManagerRegistrar taskManagerRegistrar(Environment environment) {
        return new TaskManagerRegistrar(environment);
    }

    @Bean
    TaskManagerCreator taskManagerCreator(
            ConfigurableListableBeanFactory beans,
            TaskManagerProperties properties,
            Environment environment,
            ApplicationEventPublisher publisher) {
        return new TaskManagerCreator(beans, properties, environment, publisher);
    }

    @Bean
    @ConditionalOnMissingBean
    TaskManagerRegistry taskManagerRegistry(
            ConfigurableListableBeanFactory beans, TaskManagerCreator creator, TaskManagerProperties properties) {
        return new DefaultTaskManagerRegistry(
                beans, creator, properties.getManagers().keySet());
    }

    @Bean
    @ConditionalOnMissingBean(name = "taskManagerLifecycle")
    TaskManagerLifecycle taskManagerLifecycle(
            ConfigurableListableBeanFactory beans,
            TaskManagerCreator creator,
            TaskManagerProperties properties,
            LifecycleProperties lifecycle) {
        return new TaskManagerLifecycle(
                beans, creator, properties.getManagers().keySet(), lifecycle.getTimeoutPerShutdownPhase());
    }
}

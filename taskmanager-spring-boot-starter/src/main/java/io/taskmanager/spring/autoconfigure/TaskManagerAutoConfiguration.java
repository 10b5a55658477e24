package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.TaskManagerRegistry;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the managers under {@code taskmanager.managers}, and of what sees these and the application's own. Each
 * context has its own of that, whatever its parents have.
 */
@AutoConfiguration
@EnableConfigurationProperties({TaskManagerProperties.class, LifecycleProperties.class})
@Import(TaskManagerRegistrar.class)
public final class TaskManagerAutoConfiguration {

    @Bean
    static TaskManagerRegistrar taskManagerRegistrar(Environment environment) {
        return new TaskManagerRegistrar(environment);
    }

    @Bean
    static SettingsBinding taskManagerSettingsBinding() {
        return new SettingsBinding();
    }

    @Bean
    static CreatedManagers createdTaskManagers(ConfigurableListableBeanFactory beans) {
        return new CreatedManagers(beans);
    }

    @Bean
    ManagerDirectory taskManagerDirectory(ConfigurableListableBeanFactory beans, TaskManagerProperties properties) {
        return new ManagerDirectory(beans, properties.getManagers().keySet());
    }

    @Bean
    TaskManagerCreator taskManagerCreator(
            ConfigurableListableBeanFactory beans,
            ManagerDirectory managers,
            TaskManagerProperties properties,
            Environment environment) {
        return new TaskManagerCreator(beans, managers, properties, environment);
    }

    @Bean
    EventPublisher taskManagerEventPublisher(ApplicationEventPublisher publisher) {
        return new EventPublisher(publisher);
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    TaskManagerRegistry taskManagerRegistry(
            ConfigurableListableBeanFactory beans,
            ManagerDirectory managers,
            CreatedManagers created,
            TaskManagerCreator creator) {
        BeanFactory parent = beans.getParentBeanFactory();
        return new DefaultTaskManagerRegistry(
                managers,
                created,
                creator,
                parent == null
                        ? null
                        : parent.getBeanProvider(TaskManagerRegistry.class).getIfAvailable());
    }

    @Bean
    @ConditionalOnMissingBean(name = "taskManagerLifecycle", search = SearchStrategy.CURRENT)
    TaskManagerLifecycle taskManagerLifecycle(
            ManagerDirectory managers,
            CreatedManagers created,
            TaskManagerCreator creator,
            TaskManagerProperties properties,
            LifecycleProperties lifecycle) {
        return new TaskManagerLifecycle(
                managers, created, creator, properties.getLifecyclePhase(), lifecycle.getTimeoutPerShutdownPhase());
    }
}

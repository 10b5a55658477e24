package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.autoconfigure.info.InfoContributorFallback;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what the actuator's {@code info} tells of the managers, if it is asked to. */
@AutoConfiguration(after = TaskManagerAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
@ConditionalOnBean(TaskManager.class)
public final class TaskManagerInfoAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnEnabledInfoContributor(value = "taskmanager", fallback = InfoContributorFallback.DISABLE)
    TaskManagerInfoContributor taskManagerInfoContributor(TaskManagerRegistry registry, ManagerDirectory managers) {
        return new TaskManagerInfoContributor(registry, managers::type);
    }
}

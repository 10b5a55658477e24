package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerHealthIndicator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the managers' health, shown as {@code taskManagers}. */
@AutoConfiguration(after = TaskManagerAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(TaskManager.class)
public final class TaskManagerHealthAutoConfiguration {

    // The condition looks its property up as it is written here, and finds it in every spelling, taskManagers and
    // TASKMANAGERS included, only if that is lower case without dashes.
    @Bean
    @ConditionalOnMissingBean(
            name = {"taskManagersHealthContributor", "taskManagersHealthIndicator"},
            search = SearchStrategy.CURRENT)
    @ConditionalOnEnabledHealthIndicator("taskmanagers")
    CompositeHealthContributor taskManagersHealthContributor(TaskManagerRegistry registry) {
        Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
        registry.names().forEach(name -> indicators.put(name, new TaskManagerHealthIndicator(registry, name)));
        return CompositeHealthContributor.fromMap(indicators);
    }
}

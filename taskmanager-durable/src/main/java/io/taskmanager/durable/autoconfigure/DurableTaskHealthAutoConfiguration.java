package io.taskmanager.durable.autoconfigure;

import io.taskmanager.durable.actuate.DurableTaskHealthIndicator;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.TaskStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the health of durable tasks, shown as {@code durableTasks}. */
@AutoConfiguration(after = DurableTaskAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(TaskStore.class)
public final class DurableTaskHealthAutoConfiguration {

    // Lower case without dashes, or the condition would not find the property in every spelling.
    @Bean
    @ConditionalOnMissingBean(
            name = {"durableTasksHealthIndicator", "durableTasksHealthContributor"},
            search = SearchStrategy.CURRENT)
    @ConditionalOnEnabledHealthIndicator("durabletasks")
    DurableTaskHealthIndicator durableTasksHealthIndicator(TaskStore store, ObjectProvider<DurableNode> node) {
        return new DurableTaskHealthIndicator(store, node::getIfAvailable);
    }
}

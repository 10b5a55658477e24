package io.taskmanager.durable.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.Handlers;
import io.taskmanager.durable.engine.StoreNumbers;
import io.taskmanager.durable.micrometer.DurableTaskMeters;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the meters of durable tasks. */
@AutoConfiguration(
        after = DurableTaskAutoConfiguration.class,
        // Otherwise the order would be by name, and this before the registries.
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({StoreNumbers.class, MeterRegistry.class})
public final class DurableTaskMetricsAutoConfiguration {

    /** The node needs it as its observer, so it asks for the node only when a meter is read. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    DurableTaskMeters durableTaskMeters(
            MeterRegistry registry,
            StoreNumbers numbers,
            ObjectProvider<Handlers> handlers,
            ObjectProvider<DurableNode> node) {
        Handlers known = handlers.getIfAvailable();
        return new DurableTaskMeters(registry, numbers, known == null ? Set.of() : known.types(), node::getIfAvailable);
    }
}

package io.taskmanager.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.micrometer.TaskManagerMeters;
import io.taskmanager.spring.micrometer.TaskTimers;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the managers' meters. */
@AutoConfiguration(
        after = TaskManagerAutoConfiguration.class,
        // Otherwise the order would be by name, and this before the registries.
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
public final class TaskManagerMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TaskManagerMeters taskManagerMeters(TaskManagerRegistry managers) {
        return new TaskManagerMeters(managers);
    }

    @Bean
    @ConditionalOnMissingBean
    TaskTimers taskTimers(MeterRegistry meters, TaskManagerRegistry managers) {
        return new TaskTimers(meters, managers.names());
    }
}

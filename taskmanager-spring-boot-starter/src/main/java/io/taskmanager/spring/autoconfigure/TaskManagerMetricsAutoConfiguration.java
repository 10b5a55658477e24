package io.taskmanager.spring.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.micrometer.TaskManagerMeters;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the managers' meters, each of which is in the registry for as long as its manager lives. */
@AutoConfiguration(
        after = TaskManagerAutoConfiguration.class,
        // Otherwise the order would be by name, and this before the registries.
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({TaskManager.class, MeterRegistry.class})
public final class TaskManagerMetricsAutoConfiguration {

    /**
     * Those of the managers that no parent context has meters of. No {@code MeterBinder}: Boot binds those to the registries
     * of their own context only, and not to a parent's.
     */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    TaskManagerMeters taskManagerMeters(
            MeterRegistry meters, TaskManagerRegistry managers, ConfigurableListableBeanFactory beans) {
        Set<String> names = new LinkedHashSet<>(managers.names());
        BeanFactory parent = beans.getParentBeanFactory();
        if (parent != null) {
            parent.getBeanProvider(TaskManagerMeters.class).forEach(above -> names.removeAll(above.managerNames()));
        }
        return new TaskManagerMeters(meters, managers, names);
    }

    /**
     * A manager that was destroyed has meters again when it is created again, and before its first event. Those of child
     * contexts have theirs there.
     */
    @Bean
    TaskManagerConfigCustomizer taskManagerMetersCustomizer(TaskManagerMeters meters, ManagerDirectory managers) {
        return (managerName, builder) -> {
            if (managers.names().contains(managerName)) {
                meters.add(managerName);
            }
        };
    }

    @Bean
    static TaskManagerMetersRemover taskManagerMetersRemover() {
        return new TaskManagerMetersRemover();
    }
}

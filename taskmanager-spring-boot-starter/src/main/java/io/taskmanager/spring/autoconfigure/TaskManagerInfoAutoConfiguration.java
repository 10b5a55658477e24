package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerInfoContributor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what the actuator's {@code info} tells of the managers. */
@AutoConfiguration(after = TaskManagerAutoConfiguration.class)
@ConditionalOnClass({InfoContributor.class, ConditionalOnEnabledInfoContributor.class})
public final class TaskManagerInfoAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnEnabledInfoContributor("taskmanager")
    TaskManagerInfoContributor taskManagerInfoContributor(
            TaskManagerRegistry registry, ConfigurableListableBeanFactory beans) {
        return new TaskManagerInfoContributor(
                registry, name -> ManagerBeanTypes.ofBean(beans, new ManagerName(name).beanName()));
    }
}

package io.taskmanager.test.autoconfigure;

import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.TaskManagerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of a test whose managers are synchronous. */
@AutoConfiguration
@ConditionalOnBooleanProperty("test.taskmanager.synchronous")
public final class SynchronousTaskManagerAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TaskManagerFactory synchronousTaskManagerFactory() {
        return TaskManagers::createSynchronous;
    }
}

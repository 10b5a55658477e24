package io.taskmanager.test.autoconfigure;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.autoconfigure.DurableProperties;
import io.taskmanager.durable.autoconfigure.DurableTaskAutoConfiguration;
import io.taskmanager.durable.engine.Json;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.time.Clock;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of a test whose durable tasks run at once. */
@AutoConfiguration(
        after = TaskManagerAutoConfiguration.class,
        before = DurableTaskAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@EnableConfigurationProperties(DurableProperties.class)
public final class SynchronousDurableTaskAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(DurableTaskClient.class)
    SynchronousDurableTaskClient durableTaskClient(
            ObjectProvider<JsonMapper> mapper,
            ObjectProvider<PlatformTransactionManager> transactions,
            ListableBeanFactory beans,
            DurableProperties properties) {
        Json json = new Json(
                mapper.getIfUnique(JsonMapper::new),
                Math.toIntExact(properties.getMaxPayloadSize().toBytes()));
        return new SynchronousDurableTaskClient(
                json, new HandlerCalls(beans, transactions, json, properties), Clock.systemUTC());
    }
}

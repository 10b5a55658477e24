package io.taskmanager.durable.autoconfigure;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.actuate.DurableTaskEndpoint;
import io.taskmanager.durable.actuate.DurableTaskEndpointWebExtension;
import io.taskmanager.durable.engine.StoreNumbers;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of the actuator endpoint {@code durabletasks}, over HTTP and JMX. */
@AutoConfiguration(after = DurableTaskAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean({DurableTaskClient.class, StoreNumbers.class})
public final class DurableTaskEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint
    DurableTaskEndpoint durableTaskEndpoint(
            DurableTaskClient client, StoreNumbers numbers, ApplicationEventPublisher publisher) {
        return new DurableTaskEndpoint(client, numbers, publisher);
    }

    @Bean
    @ConditionalOnBean(value = DurableTaskEndpoint.class, search = SearchStrategy.CURRENT)
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    DurableTaskEndpointWebExtension durableTaskEndpointWebExtension(DurableTaskEndpoint endpoint) {
        return new DurableTaskEndpointWebExtension(endpoint);
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpointWebExtension;
import io.taskmanager.spring.ui.PageLinks;
import io.taskmanager.spring.ui.Sampler;
import io.taskmanager.spring.ui.TaskManagerUiEndpoint;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the actuator endpoint {@code taskmanagerui}, the live page; nothing is sampled where nobody can see that,
 * because it is off, or not exposed over HTTP. It is there without any manager, too: it says how to have one.
 */
@AutoConfiguration(after = TaskManagerEndpointAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnWebApplication
@ConditionalOnBean(TaskManagerRegistry.class)
public final class TaskManagerUiAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint(endpoint = TaskManagerUiEndpoint.class, exposure = EndpointExposure.WEB)
    Sampler taskManagerUiSampler(TaskManagerRegistry registry) {
        return new Sampler(() -> registry instanceof DefaultTaskManagerRegistry ours ? ours.created() : registry.all());
    }

    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    TaskManagerUiEndpoint taskManagerUiEndpoint(
            Sampler sampler,
            ObjectProvider<PathMapper> mappers,
            ObjectProvider<TaskManagerEndpointWebExtension> writes,
            ObjectProvider<PathMappedEndpoints> endpoints,
            EndpointAccessResolver access) {
        return new TaskManagerUiEndpoint(
                sampler,
                () -> PageLinks.of(
                        mappers.orderedStream().toList(),
                        writes.getIfAvailable() != null && allowsWrites(access),
                        endpoints.stream().anyMatch(all -> all.getPath(EndpointId.of("durabletasks")) != null)));
    }

    private static boolean allowsWrites(EndpointAccessResolver access) {
        return access.accessFor(EndpointId.of("taskmanager"), Access.READ_ONLY) == Access.UNRESTRICTED;
    }
}

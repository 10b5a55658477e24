package io.taskmanager.spring.ui;

import jakarta.servlet.Filter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** The {@link PageHeaders} where the endpoints are: in the application's own context, or in that of a management server. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnAvailableEndpoint(endpoint = TaskManagerUiEndpoint.class, exposure = EndpointExposure.WEB)
public class PageHeadersConfiguration {

    @Bean
    PageHeaders taskManagerUiHeaders(WebEndpointProperties endpoints, ObjectProvider<PathMapper> mappers) {
        return new PageHeaders(endpoints.getBasePath(), mappers.orderedStream().toList());
    }

    /** In a servlet container. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Filter.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class OfServlets {
        @Bean
        PageHeadersFilter taskManagerUiHeadersFilter(PageHeaders headers) {
            return new PageHeadersFilter(headers);
        }
    }

    /** In a reactive server. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebFilter.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class OfWebFlux {
        @Bean
        PageHeadersWebFilter taskManagerUiHeadersFilter(PageHeaders headers) {
            return new PageHeadersWebFilter(headers);
        }
    }
}

package io.taskmanager.benchmarks.startup;

import io.taskmanager.ResourceFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What three managers need. */
@Configuration(proxyBeanMethods = false)
public class Managers {

    @Bean
    ResourceFactory<StringBuilder> resources() {
        return ResourceFactory.of(StringBuilder::new, resource -> {});
    }
}

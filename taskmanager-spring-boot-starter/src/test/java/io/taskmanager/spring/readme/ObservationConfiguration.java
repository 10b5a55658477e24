package io.taskmanager.spring.readme;

import io.micrometer.observation.ObservationPredicate;
import io.taskmanager.spring.context.TaskObservationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
public class ObservationConfiguration {

    @Bean
    public ObservationPredicate onlyImages() {
        return (name, context) -> !(context instanceof TaskObservationContext task)
                || task.getManagerName().equals("images");
    }
}

package io.taskmanager.spring.readme;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ImagesConfiguration {

    @Bean
    ResourceFactory<ImageProcessor> imagesResourceFactory() {
        return ResourceFactory.of(ImageProcessor::open, ImageProcessor::close);
    }

    @Bean
    HealthCheck imagesHealthCheck() {
        return error -> !(error instanceof IOException);
    }
}

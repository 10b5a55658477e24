package io.taskmanager.spring.readme;

import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import java.net.http.HttpTimeoutException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetryConfiguration {

    /** Is the resource broken? Of each manager whose resource is an ImageProcessor. */
    @Bean
    ResourceHealthCheck<ImageProcessor> isOpen() {
        return (error, processor) -> processor.isOpen();
    }

    /** Is the task worth another try? Of the manager "images". */
    @Bean
    RetryPolicy imagesRetryPolicy() {
        return (error, attempt) -> error instanceof HttpTimeoutException;
    }
}

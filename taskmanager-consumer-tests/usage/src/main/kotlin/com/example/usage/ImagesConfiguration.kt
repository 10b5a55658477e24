package com.example.usage

import io.taskmanager.HealthCheck
import io.taskmanager.ResourceFactory
import java.io.IOException
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration

@Configuration(proxyBeanMethods = false)
class ImagesConfiguration {

    @Bean
    fun imagesResourceFactory(): ResourceFactory<ImageProcessor> =
        ResourceFactory.of({ ImageProcessor.open() }, { it.close() })

    @Bean
    fun imagesHealthCheck() = HealthCheck { error -> error !is IOException }
}

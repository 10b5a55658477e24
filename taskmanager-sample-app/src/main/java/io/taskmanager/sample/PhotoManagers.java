package io.taskmanager.sample;

import io.taskmanager.HealthCheck;
import io.taskmanager.sample.catalog.CatalogHealthCheck;
import io.taskmanager.sample.catalog.CatalogSessionFactory;
import io.taskmanager.sample.image.ImageHealthCheck;
import io.taskmanager.sample.image.ImageProcessorFactory;
import io.taskmanager.sample.settings.PhotoProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/**
 * What the two task managers are made of, matched to {@code taskmanager.managers.<name>} by bean name: how each makes
 * its resources, and when one of them is broken.
 */
@Configuration(proxyBeanMethods = false)
class PhotoManagers {

    @Bean
    ImageProcessorFactory imagesResourceFactory(PhotoProperties photos) {
        return new ImageProcessorFactory(photos.maxPixels());
    }

    @Bean
    HealthCheck imagesHealthCheck() {
        return new ImageHealthCheck();
    }

    /** Its H2 file lies in the folder that the store makes. */
    @Bean
    @DependsOn("photoStore")
    CatalogSessionFactory catalogResourceFactory(PhotoProperties photos) {
        return new CatalogSessionFactory(photos.jdbcUrl(), photos.jdbcUsername(), photos.jdbcPassword());
    }

    @Bean
    HealthCheck catalogHealthCheck() {
        return new CatalogHealthCheck();
    }
}

package io.taskmanager.benchmarks.startup;

import io.taskmanager.ResourceFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What managers need. With {@code -Dcreation.millis} each resource takes that long, and the first begins by noting when, in the
 * system property {@code creation.begun}, by {@link System#nanoTime()}.
 */
@Configuration(proxyBeanMethods = false)
public class Managers {

    @Bean
    ResourceFactory<StringBuilder> resources() {
        return ResourceFactory.of(Managers::create, resource -> {});
    }

    private static StringBuilder create() throws InterruptedException {
        long millis = Long.getLong("creation.millis", 0);
        if (millis > 0) {
            System.getProperties().putIfAbsent("creation.begun", String.valueOf(System.nanoTime()));
            Thread.sleep(millis);
        }
        return new StringBuilder();
    }
}

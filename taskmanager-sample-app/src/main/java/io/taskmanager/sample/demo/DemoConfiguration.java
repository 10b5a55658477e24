package io.taskmanager.sample.demo;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskDecorator;
import io.taskmanager.sample.image.ImageProcessor;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the faults where they strike: around what the manager "images" is made of. */
@Configuration(proxyBeanMethods = false)
@InDemo
class DemoConfiguration {

    private static final Duration LENGTH = Duration.ofSeconds(30);

    @Bean
    SlowDisk slowDisk(ObjectProvider<Clock> clock, ObjectProvider<Pause> pause) {
        return new SlowDisk(episode(clock), pause.getIfAvailable(() -> Pause.ASLEEP));
    }

    @Bean
    BrokenProcessors brokenProcessors(ObjectProvider<Clock> clock, ObjectProvider<Pause> pause) {
        return new BrokenProcessors(episode(clock), pause.getIfAvailable(() -> Pause.ASLEEP));
    }

    private static Episode episode(ObjectProvider<Clock> clock) {
        return new Episode(clock.getIfAvailable(Clock::systemUTC), LENGTH);
    }

    /** By its name for the tasks of that manager alone. */
    @Bean
    TaskDecorator imagesTaskDecorator(BrokenProcessors processors) {
        return new BreakingDecorator(processors);
    }

    /** Static, as it is asked for before any other bean is made. */
    @Bean
    static BeanPostProcessor breakingParts(ObjectProvider<BrokenProcessors> processors) {
        return new BeanPostProcessor() {
            @Override
            @SuppressWarnings("unchecked") // the factory of that name makes nothing else
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                return switch (beanName) {
                    case "imagesResourceFactory" ->
                        new BreakableFactory((ResourceFactory<ImageProcessor>) bean, processors.getObject());
                    case "imagesHealthCheck" -> blamingProcessors((HealthCheck) bean);
                    default -> bean;
                };
            }
        };
    }

    private static HealthCheck blamingProcessors(HealthCheck usual) {
        return error -> !(error instanceof BrokenProcessorException) && usual.isHealthy(error);
    }
}

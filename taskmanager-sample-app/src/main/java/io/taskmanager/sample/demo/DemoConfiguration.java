package io.taskmanager.sample.demo;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.sample.image.ImageProcessor;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the faults where they strike. */
@Configuration(proxyBeanMethods = false)
@InDemo
class DemoConfiguration {

    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration DELAY = Duration.ofMillis(100);
    private static final String MANAGER = "images";

    /** The application's clock, if it has one. */
    @Bean
    SlowDisk slowDisk(ObjectProvider<Clock> clock) {
        return new SlowDisk(episode(clock), delay -> Thread.sleep(delay.toMillis()), DELAY);
    }

    @Bean
    BrokenProcessors brokenProcessors(ObjectProvider<Clock> clock) {
        return new BrokenProcessors(episode(clock));
    }

    private static Episode episode(ObjectProvider<Clock> clock) {
        return new Episode(clock.getIfAvailable(Clock::systemUTC), LENGTH);
    }

    /** Breaks processors at their work. */
    @Bean
    TaskManagerConfigCustomizer breakingTasks(BrokenProcessors processors) {
        return (managerName, builder) -> {
            if (managerName.equals(MANAGER)) {
                HealthCheck usual = builder.build().healthCheck();
                builder.taskDecorator(processors)
                        .healthCheck(error -> !(error instanceof BrokenProcessorException) && usual.isHealthy(error));
            }
        };
    }

    /** Breaks the making of processors. Static, as it is asked for before any other bean is made. */
    @Bean
    static BeanPostProcessor breakingFactory(ObjectProvider<BrokenProcessors> processors) {
        return new BeanPostProcessor() {
            @Override
            @SuppressWarnings("unchecked") // the bean of that name makes nothing else
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                return beanName.equals(MANAGER + "ResourceFactory")
                        ? new BreakableFactory((ResourceFactory<ImageProcessor>) bean, processors.getObject())
                        : bean;
            }
        };
    }
}

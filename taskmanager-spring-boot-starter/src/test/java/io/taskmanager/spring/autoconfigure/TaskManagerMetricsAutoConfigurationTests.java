package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.micrometer.TaskManagerMeters;
import io.taskmanager.spring.micrometer.TaskTimers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerMetricsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class, TaskManagerMetricsAutoConfiguration.class))
            .withUserConfiguration(Factory.class)
            .withPropertyValues("taskmanager.managers.images.worker-count=3");

    private final ApplicationContextRunner withMetrics = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class));

    @Test
    void bindsTheMetersOfEachManager() {
        withMetrics.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("taskmanager.workers")
                            .tags("name", "images", "kind", "base")
                            .gauge()
                            .value())
                    .isEqualTo(3);
        });
    }

    @Test
    void timesTasks() {
        withMetrics.run(context -> {
            TaskManager<Session, Object> images = images(context.getBean(TaskManagerRegistry.class));
            images.<String>queueTask((task, session) -> "");
            images.<String>queueTaskWithPriority((task, session) -> "");
            images.<String>runTask((task, session) -> "");

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("taskmanager.tasks.execution")
                            .tags("name", "images", "outcome", "completed")
                            .timer()
                            .count())
                    .isEqualTo(3);
            for (String lane : new String[] {"main", "priority", "direct"}) {
                assertThat(meters.get("taskmanager.tasks.wait")
                                .tags("name", "images", "lane", lane)
                                .timer()
                                .count())
                        .as(lane)
                        .isEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(meters.get("taskmanager.tasks.completed")
                            .functionCounter()
                            .count())
                    .isEqualTo(3));
        });
    }

    @Test
    void bucketsCanBeChosenByProperty() {
        withMetrics
                .withPropertyValues("management.metrics.distribution.slo.taskmanager.tasks.execution=20ms,1m")
                .run(context -> {
                    images(context.getBean(TaskManagerRegistry.class)).<String>queueTask((task, session) -> "");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("taskmanager.tasks.execution")
                                    .tag("outcome", "completed")
                                    .timer()
                                    .takeSnapshot()
                                    .histogramCounts())
                            .hasSize(2);
                });
    }

    @Test
    void isNotThereWithoutARegistry() {
        runner.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(TaskManagerMeters.class)
                .doesNotHaveBean(TaskTimers.class));
    }

    @Test
    void isNotThereWithoutMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TaskManager.class)
                        .doesNotHaveBean(TaskManagerMeters.class));
    }

    @Test
    void backsOff() {
        withMetrics
                .withUserConfiguration(Own.class)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .getBeanNames(TaskTimers.class)
                        .containsExactly("ownTimers"));
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Session, Object> images(TaskManagerRegistry registry) {
        return (TaskManager<Session, Object>) registry.get("images");
    }

    @Configuration(proxyBeanMethods = false)
    static class Factory {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {
        @Bean
        TaskTimers ownTimers(MeterRegistry meters) {
            return new TaskTimers(meters, Set.of());
        }
    }
}

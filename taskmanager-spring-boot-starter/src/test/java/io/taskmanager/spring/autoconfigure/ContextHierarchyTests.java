package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** A context neither doubles the managers of its parent nor loses its own, and stops those alone. */
@ExtendWith(NoLeakedThreads.class)
class ContextHierarchyTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class,
                    TaskManagerEndpointAutoConfiguration.class,
                    TaskManagerHealthAutoConfiguration.class,
                    TaskManagerInfoAutoConfiguration.class,
                    TaskManagerMetricsAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=taskmanager",
                    "taskmanager.managers.images.worker-count=1");

    private final ApplicationContextRunner parentRunner =
            runner.withUserConfiguration(Sessions.class).withBean(SimpleMeterRegistry.class);

    private final ApplicationContextRunner childRunner =
            runner.withPropertyValues("taskmanager.managers.catalog.worker-count=2");

    @Test
    void aChildHasItsParentsManagersAndItsOwn() {
        parentRunner.run(parent -> childRunner.withParent(parent).run(child -> {
            assertThat(child).hasNotFailed();
            TaskManagerRegistry registry = child.getBean(TaskManagerRegistry.class);
            assertThat(registry.names()).containsExactly("catalog", "images");
            assertThat(registry.get("images")).isSameAs(parent.getBean("images"));
            assertThat(registry.config("images"))
                    .isEqualTo(parent.getBean(TaskManagerRegistry.class).config("images"));
            assertThat(registry.config("catalog").orElseThrow().workerCount()).isEqualTo(2);
            assertThat(child.getBeanNamesForType(TaskManager.class)).containsExactly("catalogTaskManager");
            assertThat(parent.getBean(TaskManagerRegistry.class).names()).containsExactly("images");
        }));
    }

    @Test
    void aChildWithTheSameConfigurationAndAFactoryOfItsOwnDoublesNone() {
        parentRunner.run(parent -> runner.withUserConfiguration(Sessions.class)
                .withParent(parent)
                .run(child -> {
                    assertThat(child.getBean("images")).isSameAs(parent.getBean("images"));
                    assertThat(child.getBeanFactory().containsLocalBean("imagesTaskManager"))
                            .isFalse();
                }));
    }

    /** Also while the child's is not created yet: then there is none of that name. */
    @Test
    void aChildsManagerHidesItsParentsOfTheSameName() {
        parentRunner.run(parent -> runner.withUserConfiguration(LazyImages.class)
                .withParent(parent)
                .run(child -> {
                    DefaultTaskManagerRegistry registry = child.getBean(DefaultTaskManagerRegistry.class);
                    assertThat(registry.created()).containsOnly(entry("images", null));

                    TaskManager<?, ?> own = registry.get("images");
                    assertThat(own).isNotSameAs(manager(parent, "images"));
                    assertThat(registry.created()).containsOnly(entry("images", own));
                }));
    }

    @Test
    void eachContextStopsItsOwnAlone() {
        parentRunner.run(parent -> childRunner.withParent(parent).run(child -> {
            TaskManager<?, ?> images = manager(parent, "images");
            TaskManager<?, ?> catalog = manager(child, "catalog");
            child.close();
            assertThat(catalog.state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(images.state()).isEqualTo(TaskManagerState.RUNNING);
            parent.close();
            assertThat(images.state()).isEqualTo(TaskManagerState.TERMINATED);
        }));
    }

    @Test
    void eachManagerIsShownOnce() {
        parentRunner.run(parent -> childRunner.withParent(parent).run(child -> {
            assertThat(child.getBean(TaskManagerEndpoint.class).managers().managers())
                    .containsOnlyKeys("catalog", "images");
            assertThat(child.getBean("taskManagersHealthContributor", CompositeHealthContributor.class).stream())
                    .extracting("name")
                    .containsExactly("catalog", "images");
            MeterRegistry meters = parent.getBean(MeterRegistry.class);
            assertThat(workers(meters, "images")).isEqualTo(1);
            assertThat(workers(meters, "catalog")).isEqualTo(2);
            child.close();
            assertThat(workers(meters, "images")).isEqualTo(1);
            assertThat(meters.find("taskmanager.workers").tag("name", "catalog").gauge())
                    .isNull();
        }));
    }

    /** As where the parent is not a web application and the child is. */
    @Test
    void theManagersOfAParentWithoutMetersHaveThemInItsChild() {
        runner.withUserConfiguration(Sessions.class)
                .run(parent -> childRunner
                        .withBean(SimpleMeterRegistry.class)
                        .withParent(parent)
                        .run(child -> {
                            MeterRegistry meters = child.getBean(MeterRegistry.class);
                            assertThat(workers(meters, "images")).isEqualTo(1);
                            assertThat(workers(meters, "catalog")).isEqualTo(2);
                        }));
    }

    private static double workers(MeterRegistry meters, String manager) {
        return meters.get("taskmanager.workers")
                .tags("name", manager, "kind", "base")
                .gauge()
                .value();
    }

    private static TaskManager<?, ?> manager(ApplicationContext context, String name) {
        return context.getBean(TaskManagerRegistry.class).get(name);
    }

    @Configuration(proxyBeanMethods = false)
    static class Sessions {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyImages {
        @Bean
        @Lazy
        TaskManager<Session, Object> imagesTaskManager() throws InterruptedException {
            return TaskManagers.create(TaskManagerConfig.builder(Session.factory())
                    .name("images")
                    .workerCount(1)
                    .build());
        }
    }
}

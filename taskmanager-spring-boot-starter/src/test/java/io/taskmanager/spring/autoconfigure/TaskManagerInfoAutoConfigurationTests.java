package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerInfoContributor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerInfoAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TaskManagerAutoConfiguration.class, TaskManagerInfoAutoConfiguration.class))
            .withPropertyValues("management.info.taskmanager.enabled=true");

    private final ApplicationContextRunner images = runner.withUserConfiguration(Factories.class)
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1",
                    "taskmanager.managers.images.resource-factory=sessions");

    @Test
    void tellsCountsAndTypesOfEachManager() {
        images.withPropertyValues(
                        "taskmanager.managers.catalog.worker-count=2",
                        "taskmanager.managers.catalog.max-worker-count=3",
                        "taskmanager.managers.catalog.resource-factory=lists",
                        "taskmanager.managers.catalog.result-type=java.lang.Integer")
                .run(context -> {
                    assertThat(managers(context)).containsOnlyKeys("images", "catalog");
                    assertThat(managers(context).get("images"))
                            .isEqualTo(Map.of(
                                    "workerCount",
                                    1,
                                    "maxWorkerCount",
                                    2,
                                    "resourceType",
                                    Session.class.getName(),
                                    "resultType",
                                    "java.lang.Object"));
                    assertThat(managers(context).get("catalog"))
                            .isEqualTo(Map.of(
                                    "workerCount",
                                    2,
                                    "maxWorkerCount",
                                    3,
                                    "resourceType",
                                    "java.util.List<java.lang.String>",
                                    "resultType",
                                    "java.lang.Integer"));
                });
    }

    @Test
    void leavesOutWhatItDoesNotKnow() {
        images.withPropertyValues("taskmanager.managers.images.resource-factory=raw")
                .run(context -> assertThat(managers(context).get("images"))
                        .isEqualTo(Map.of("workerCount", 1, "maxWorkerCount", 2)));
    }

    @Test
    void tellsTheTypesOfAManagerOfTheApplicationsOwn() {
        images.withUserConfiguration(OwnManager.class)
                .run(context -> assertThat(managers(context).get("images"))
                        .isEqualTo(Map.of("resourceType", "java.lang.String", "resultType", "java.lang.Long")));
    }

    @Test
    void isNotThereWithoutAnyManager() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerInfoContributor.class));
    }

    @Test
    void isNotThereWithoutActuator() {
        images.withClassLoader(new FilteredClassLoader(InfoContributor.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TaskManagerRegistry.class)
                        .doesNotHaveBean(TaskManagerInfoContributor.class));
    }

    @Test
    void isNotThereUnlessAskedFor() {
        for (String other :
                List.of("management.info.taskmanager.enabled=false", "management.info.defaults.enabled=true")) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            TaskManagerAutoConfiguration.class, TaskManagerInfoAutoConfiguration.class))
                    .withUserConfiguration(Factories.class)
                    .withPropertyValues(
                            "taskmanager.managers.images.worker-count=1",
                            "taskmanager.managers.images.resource-factory=sessions",
                            other)
                    .run(context ->
                            assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerInfoContributor.class));
        }
        images.withPropertyValues("management.info.defaults.enabled=false")
                .run(context -> assertThat(context).hasSingleBean(TaskManagerInfoContributor.class));
    }

    @Test
    void backsOff() {
        TaskManagerInfoContributor own =
                new TaskManagerInfoContributor(mock(TaskManagerRegistry.class), name -> ResolvableType.NONE);
        images.withBean("own", TaskManagerInfoContributor.class, () -> own)
                .run(context -> assertThat(context.getBean(TaskManagerInfoContributor.class))
                        .isSameAs(own));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> managers(AssertableApplicationContext context) {
        Info.Builder info = new Info.Builder();
        context.getBean(TaskManagerInfoContributor.class).contribute(info);
        return (Map<String, Object>) info.build().get("taskManagers", Map.class).get("managers");
    }

    @Configuration(proxyBeanMethods = false)
    static class Factories {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }

        @Bean
        ResourceFactory<List<String>> lists() {
            return ResourceFactory.of(() -> List.of(), list -> {});
        }

        @Bean
        @SuppressWarnings("rawtypes")
        ResourceFactory raw() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnManager {
        @Bean
        TaskManager<String, Long> imagesTaskManager() {
            return mock();
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerHealthAutoConfigurationTests {

    private static final String BEAN = "taskManagersHealthContributor";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(TaskManagerAutoConfiguration.class, TaskManagerHealthAutoConfiguration.class))
            .withBean("sessions", ResourceFactory.class, Session::factory);

    private final ApplicationContextRunner images = runner.withPropertyValues(
            "taskmanager.managers.images.worker-count=1", "taskmanager.managers.catalog.worker-count=1");

    private final ApplicationContextRunner withRegistry = images.withConfiguration(AutoConfigurations.of(
            HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class));

    @Test
    void showsTheHealthOfEachManager() {
        withRegistry.run(context -> {
            HealthContributor all =
                    context.getBean(HealthContributorRegistry.class).getContributor("taskManagers");
            CompositeHealthContributor composite = (CompositeHealthContributor) Objects.requireNonNull(all);
            assertThat(composite.stream()).extracting("name").containsExactly("images", "catalog");
            HealthIndicator indicator = (HealthIndicator) composite.getContributor("images");
            assertThat(Objects.requireNonNull(Objects.requireNonNull(indicator).health())
                            .getStatus())
                    .isEqualTo(Status.UP);
        });
    }

    @Test
    void isNotThereWithoutAnyManager() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BEAN));
    }

    @Test
    void isNotThereWithoutHealth() {
        images.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("imagesTaskManager")
                        .doesNotHaveBean(BEAN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskmanagers", "taskManagers", "task-managers"})
    void isNotThereWhenDisabled(String spelling) {
        images.withPropertyValues("management.health." + spelling + ".enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasBean("imagesTaskManager")
                        .doesNotHaveBean(BEAN));
    }

    @Test
    void isThereWhenEnabledThoughOthersAreNot() {
        images.withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(BEAN));
        images.withPropertyValues(
                        "management.health.defaults.enabled=false", "management.health.taskmanagers.enabled=true")
                .run(context -> assertThat(context).hasBean(BEAN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskManagersHealthContributor", "taskManagersHealthIndicator"})
    void backsOff(String name) {
        HealthIndicator own = () -> Health.up().build();
        withRegistry.withBean(name, HealthIndicator.class, () -> own).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(TaskManagerHealthAutoConfiguration.class);
            assertThat(context.getBean(HealthContributorRegistry.class).getContributor("taskManagers"))
                    .isSameAs(own);
            assertThat(context.getBeansOfType(CompositeHealthContributor.class)).isEmpty();
        });
    }

    @Test
    void createsNoLazyManagerBeforeItIsAsked() {
        images.withBean(
                        LazyInitializationBeanFactoryPostProcessor.class,
                        LazyInitializationBeanFactoryPostProcessor::new)
                .run(context -> {
                    context.getBean(BEAN);
                    assertThat(context.getBeanFactory().containsSingleton("imagesTaskManager"))
                            .isFalse();
                    assertThat(context.getBeansOfType(TaskManager.class)).hasSize(2);
                });
    }
}

package io.taskmanager.durable.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.actuate.DurableTaskEndpoint;
import io.taskmanager.durable.actuate.DurableTaskEndpointWebExtension;
import io.taskmanager.durable.actuate.DurableTaskHealthIndicator;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.micrometer.DurableTaskMeters;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** When endpoint, health and meters are there, and when not. */
class ActuatorAutoConfigurationTests {

    private static final String HEALTH = "durableTasksHealthIndicator";

    private final ApplicationContextRunner disabled = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class,
                    DurableTaskAutoConfiguration.class,
                    DurableTaskEndpointAutoConfiguration.class,
                    DurableTaskHealthAutoConfiguration.class,
                    DurableTaskMetricsAutoConfiguration.class))
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
            .withBean(SimpleMeterRegistry.class)
            .withBean(ResourceFactory.class, () -> ResourceFactory.of(StringBuilder::new, resource -> {}))
            .withPropertyValues(
                    "spring.datasource.url=" + Database.H2.create(),
                    "management.endpoints.web.exposure.include=durabletasks",
                    "taskmanager.managers.work.worker-count=1");

    private final ApplicationContextRunner enabled = disabled.withPropertyValues("taskmanager.durable.enabled=true");

    @Test
    void allAreThere() {
        enabled.run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(DurableTaskEndpoint.class)
                    .hasSingleBean(DurableTaskEndpointWebExtension.class)
                    .hasSingleBean(DurableTaskMeters.class)
                    .hasBean(HEALTH);
            assertThat(health(context).getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void noneIsThereWhileDurableTasksAreOff() {
        disabled.run(context -> assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(DurableTaskEndpoint.class)
                .doesNotHaveBean(DurableTaskEndpointWebExtension.class)
                .doesNotHaveBean(DurableTaskMeters.class)
                .doesNotHaveBean(HEALTH));
    }

    @Test
    void aNodeThatOnlyQueuesHasThemToo() {
        enabled.withPropertyValues("taskmanager.durable.worker.enabled=false").run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(DurableTaskEndpoint.class)
                    .doesNotHaveBean(DurableNode.class);
            assertThat(health(context)).isEqualTo(Health.up().build());
            assertThat(context.getBean(MeterRegistry.class)
                            .get("taskmanager.durable.running")
                            .gauge()
                            .value())
                    .isZero();
        });
    }

    @Test
    void aNodeThatHasStoppedIsOutOfService() {
        enabled.run(context -> {
            context.getBean(DurableNode.class).stop();
            await().until(() -> !context.getBean(DurableNode.class).isRunning());

            assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(health(context).getDetails()).containsEntry("reason", "this node runs no tasks now");
        });
    }

    @Test
    void isNotThereWhenNotExposed() {
        enabled.withPropertyValues("management.endpoints.web.exposure.include=info")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DurableTaskEndpoint.class));
    }

    @Test
    void isNotThereWithoutAccess() {
        enabled.withPropertyValues("management.endpoint.durabletasks.access=NONE")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(DurableTaskEndpoint.class)
                        .doesNotHaveBean(DurableTaskEndpointWebExtension.class));
    }

    @Test
    void isNotThereWithoutActuator() {
        enabled.withClassLoader(new FilteredClassLoader(Endpoint.class, ConditionalOnAvailableEndpoint.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(DurableTaskClient.class)
                        .doesNotHaveBean(DurableTaskEndpoint.class));
    }

    @Test
    void isNotThereWithoutHealth() {
        enabled.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(DurableTaskClient.class)
                        .doesNotHaveBean(HEALTH));
    }

    @Test
    void isNotThereWithoutMicrometer() {
        enabled.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(DurableNode.class)
                        .doesNotHaveBean(DurableTaskMeters.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"durabletasks", "durableTasks", "durable-tasks"})
    void healthIsNotThereWhenDisabled(String spelling) {
        enabled.withPropertyValues("management.health." + spelling + ".enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HEALTH));
    }

    @Test
    void healthBacksOff() {
        HealthIndicator own = () -> Health.unknown().build();
        enabled.withBean("durableTasksHealthContributor", HealthIndicator.class, () -> own)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DurableTaskHealthIndicator.class));
    }

    @Test
    void aNativeImageCanTurnItsAnswersIntoJson() {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar()
                .registerRuntimeHints(hints, DurableTaskEndpoint.class, DurableTaskEndpointWebExtension.class);

        assertThat(Stream.of(
                        DurableTaskEndpoint.Overview.class,
                        DurableTaskEndpoint.Oldest.class,
                        DurableTaskEndpoint.Tasks.class,
                        DurableTaskEndpoint.Task.class,
                        DurableTaskEndpointWebExtension.Problem.class))
                .allMatch(
                        type -> RuntimeHintsPredicates.reflection().onType(type).test(hints));
    }

    private static Health health(AssertableApplicationContext context) {
        return Objects.requireNonNull(
                context.getBean(HEALTH, HealthIndicator.class).health());
    }
}

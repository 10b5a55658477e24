package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.WorkerInfo;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.ConfigDescriptor;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import io.taskmanager.spring.actuate.TaskManagerEndpointWebExtension;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

class TaskManagerEndpointAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class, TaskManagerEndpointAutoConfiguration.class));

    private final ApplicationContextRunner withManager =
            runner.withBean("imagesTaskManager", TaskManager.class, () -> mock(TaskManager.class));

    private final ApplicationContextRunner exposed =
            withManager.withPropertyValues("management.endpoints.web.exposure.include=taskmanager");

    @Test
    void isThereWhenExposed() {
        exposed.run(context -> assertThat(context)
                .hasSingleBean(TaskManagerEndpoint.class)
                .hasSingleBean(TaskManagerEndpointWebExtension.class));
    }

    @Test
    void isNotThereWithoutAnyManager() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=taskmanager")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerEndpoint.class));
    }

    /** The factory of a later auto-configuration is not known yet when the conditions of this one are looked at. */
    @Test
    void isThereWhenTheFactoryOfTheOnlyManagerIsALaterAutoConfigurations() {
        runner.withConfiguration(AutoConfigurations.of(LaterFactory.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=taskmanager",
                        "taskmanager.managers.images.worker-count=1")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(TaskManagerEndpoint.class));
    }

    @AutoConfiguration(after = TaskManagerEndpointAutoConfiguration.class)
    static class LaterFactory {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Test
    void isNotThereWhenNotExposed() {
        withManager.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerEndpoint.class));
    }

    @Test
    void isNotThereWithoutAccess() {
        exposed.withPropertyValues("management.endpoint.taskmanager.access=NONE")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(TaskManagerEndpoint.class)
                        .doesNotHaveBean(TaskManagerEndpointWebExtension.class));
    }

    @Test
    void aNativeImageCanTurnItsAnswersIntoJson() {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar()
                .registerRuntimeHints(hints, TaskManagerEndpoint.class, TaskManagerEndpointWebExtension.class);

        assertThat(List.of(
                        TaskManagerEndpoint.Managers.class,
                        TaskManagerEndpoint.Summary.class,
                        TaskManagerEndpoint.Details.class,
                        TaskManagerEndpoint.Event.class,
                        TaskManagerEndpointWebExtension.Problem.class,
                        ConfigDescriptor.class,
                        TaskStats.class,
                        TaskMetrics.class,
                        WorkerInfo.class))
                .allMatch(
                        type -> RuntimeHintsPredicates.reflection().onType(type).test(hints));
        assertThat(Stream.of(TaskManagerEndpoint.class, TaskManagerEndpointWebExtension.class)
                        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                        .filter(method -> Modifier.isPublic(method.getModifiers())))
                .hasSize(5)
                .allMatch(operation -> RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(operation)
                        .test(hints));
    }

    @Test
    void isNotThereWithoutActuator() {
        exposed.withClassLoader(new FilteredClassLoader(Endpoint.class, ConditionalOnAvailableEndpoint.class))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TaskManagerRegistry.class)
                        .doesNotHaveBean(TaskManagerEndpoint.class));
    }

    @Test
    void backsOff() {
        TaskManagerEndpoint own = new TaskManagerEndpoint(mock(TaskManagerRegistry.class), event -> {});
        exposed.withBean("own", TaskManagerEndpoint.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(TaskManagerEndpoint.class)).isSameAs(own));
    }
}

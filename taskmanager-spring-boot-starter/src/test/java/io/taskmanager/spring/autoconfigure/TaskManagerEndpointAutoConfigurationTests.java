package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TaskManagerEndpointAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class, TaskManagerEndpointAutoConfiguration.class));

    private final ApplicationContextRunner exposed =
            runner.withPropertyValues("management.endpoints.web.exposure.include=taskmanager");

    @Test
    void isThereWhenExposed() {
        exposed.run(context -> assertThat(context).hasSingleBean(TaskManagerEndpoint.class));
    }

    @Test
    void isNotThereWhenNotExposed() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerEndpoint.class));
    }

    @Test
    void isNotThereWithoutAccess() {
        exposed.withPropertyValues("management.endpoint.taskmanager.access=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(TaskManagerEndpoint.class));
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
        TaskManagerEndpoint own = new TaskManagerEndpoint(mock(TaskManagerRegistry.class));
        exposed.withBean("own", TaskManagerEndpoint.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(TaskManagerEndpoint.class)).isSameAs(own));
    }
}

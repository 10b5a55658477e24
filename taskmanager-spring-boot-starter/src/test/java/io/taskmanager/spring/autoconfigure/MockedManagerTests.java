package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.entry;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import io.taskmanager.spring.actuate.TaskManagerEndpoint.Summary;
import io.taskmanager.spring.actuate.TaskManagerHealthIndicator;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** A manager can be replaced by a mock, by type, and nothing that reads managers breaks. */
@SuppressWarnings("NullAway.Init")
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        classes = MockedManagerTests.Application.class,
        properties = "taskmanager.managers.images.worker-count=1")
class MockedManagerTests {

    @MockitoBean
    TaskManager<Session, Object> images;

    @Autowired
    TaskManagerRegistry registry;

    @Autowired
    MeterRegistry meters;

    @Test
    void theMockIsTheManager() throws InterruptedException {
        given(images.<String>queueTask(any())).willReturn("mocked");

        assertThat(images.<String>queueTask((context, session) -> "real")).isEqualTo("mocked");
        assertThat(registry.get("images")).isSameAs(images);
        assertThat(((DefaultTaskManagerRegistry) registry).created()).containsOnly(entry("images", images));
    }

    @Test
    void itsMetersShowNothing() {
        assertThat(meters.get("taskmanager.workers.busy").gauge().value()).isNaN();
        assertThat(meters.get("taskmanager.tasks.completed").functionCounter().count())
                .isZero();
    }

    @Test
    void itsEndpointShowsNothing() {
        TaskManagerEndpoint endpoint = new TaskManagerEndpoint(registry, event -> {});

        assertThat(endpoint.managers().managers()).containsEntry("images", new Summary(null, null));
        assertThat(endpoint.manager("images").workers()).isEmpty();
        assertThat(endpoint.manager("images").maxWorkers()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> endpoint.steer("images", "pause", null, null));
    }

    @Test
    void itsHealthIsUnknown() {
        assertThat(new TaskManagerHealthIndicator(registry, "images").health().getStatus())
                .isEqualTo(Status.UNKNOWN);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({TaskManagerAutoConfiguration.class, TaskManagerMetricsAutoConfiguration.class})
    static class Application {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}

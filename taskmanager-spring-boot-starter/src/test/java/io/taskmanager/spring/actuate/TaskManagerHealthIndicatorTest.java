package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import io.taskmanager.ResourceFactory;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** Which status follows from what, and which reason goes before which. */
class TaskManagerHealthIndicatorTest {

    private final TaskManagerRegistry registry = mock(TaskManagerRegistry.class);
    private final TaskManager<?, ?> manager = mock();
    private final TaskManagerControl control = mock();
    private final TaskManagerHealthIndicator indicator = new TaskManagerHealthIndicator(registry, "images");

    @BeforeEach
    void aManagerThatIsWell() {
        doReturn(manager).when(registry).get("images");
        given(manager.control()).willReturn(control);
        given(manager.state()).willReturn(TaskManagerState.RUNNING);
        given(manager.stats()).willReturn(stats(1, 0, false));
        given(control.explain()).willReturn("Nothing waits.");
    }

    @Test
    void is_up_with_a_worker() {
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails())
                .doesNotContainKeys("reason", "degraded")
                .containsEntry("active", 1)
                .containsEntry("busy", 5)
                .containsEntry("starting", 0)
                .containsEntry("queued", 2)
                .containsEntry("priority", 3)
                .containsEntry("retrying", 6)
                .containsEntry("why", "Nothing waits.");
    }

    @Test
    void is_up_while_the_first_workers_start() {
        given(manager.stats()).willReturn(stats(0, 1, false));

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void is_up_and_degraded_in_an_outage_while_a_worker_serves() {
        given(control.isOutage()).willReturn(true);

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails())
                .containsEntry("degraded", "1 of 1 workers have their resource, and no other can be created");
    }

    @Test
    void is_up_and_degraded_with_fewer_workers_than_there_should_be() {
        given(manager.stats()).willReturn(new TaskStats(4, 3, 0, 0, 0, 0, 0, 1, 0, 0, false));

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails()).containsEntry("degraded", "3 of 4 workers have their resource");
    }

    @Test
    void is_up_and_degraded_as_why_says_while_two_real_workers_serve_and_a_third_can_not() {
        AtomicInteger created = new AtomicInteger();
        ResourceFactory<Object> two = ResourceFactory.of(
                () -> {
                    if (created.incrementAndGet() > 2) {
                        throw new IllegalStateException("no third licence");
                    }
                    return new Object();
                },
                resource -> {});
        try (TaskManager<Object, Object> real = TaskManagers.create(TaskManagerConfig.builder(two)
                .name("images")
                .workerCount(3)
                .startupPolicy(StartupPolicy.LENIENT)
                .build())) {
            doReturn(real).when(registry).get("images");
            await().until(() ->
                    real.stats().activeWorkers() == 2 && real.control().isOutage());

            Health health = indicator.health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("degraded", "2 of 3 workers have their resource, and no other can be created");
            assertThat(health.getDetails().get("why")).asString().contains("of 2 workers are busy; no more can start");
        }
    }

    @Test
    void is_down_in_an_outage_when_no_worker_serves() {
        given(manager.stats()).willReturn(stats(0, 1, false));
        given(control.isOutage()).willReturn(true);

        assertHealth(Status.DOWN, "no resource can be created");
    }

    @Test
    void is_down_when_tasks_have_waited_too_long_for_a_worker_with_a_resource() {
        given(manager.stats()).willReturn(stats(0, 1, false));
        given(control.isStalled()).willReturn(true);

        assertHealth(Status.DOWN, "tasks wait, and no worker has had a resource for longer than its creation may take");
    }

    @Test
    void is_down_without_a_worker() {
        given(manager.stats()).willReturn(stats(0, 0, false));

        assertHealth(Status.DOWN, "no worker lives");
    }

    @Test
    void is_up_without_a_worker_where_there_is_to_be_none() {
        given(manager.stats()).willReturn(new TaskStats(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, false));

        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void is_down_rather_than_paused() {
        given(manager.stats()).willReturn(stats(1, 0, true));
        assertHealth(Status.OUT_OF_SERVICE, "the manager is paused");

        given(manager.stats()).willReturn(stats(0, 1, true));
        given(control.isOutage()).willReturn(true);
        assertHealth(Status.DOWN, "no resource can be created");
    }

    @Test
    void is_out_of_service_when_it_has_ended_and_has_no_worker() {
        given(manager.state()).willReturn(TaskManagerState.KILLED);
        given(manager.stats()).willReturn(stats(0, 0, false));

        assertHealth(Status.OUT_OF_SERVICE, "the manager is KILLED");
    }

    @Test
    void is_unknown_of_a_mock() {
        given(manager.control()).willReturn(null);
        assertHealth(Status.UNKNOWN, "the manager tells nothing");

        given(manager.control()).willReturn(control);
        given(control.explain()).willReturn(null);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void tells_no_message_of_a_manager_that_cannot_be_created() {
        given(registry.get("images")).willThrow(new BeanCreationException("a secret"));

        assertHealth(Status.DOWN, "the manager can't be created");
        assertThat(indicator.health().toString()).doesNotContain("secret");
    }

    private void assertHealth(Status status, String reason) {
        Health health = indicator.health();
        assertThat(health.getStatus()).isEqualTo(status);
        assertThat(health.getDetails()).containsEntry("reason", reason);
    }

    private static TaskStats stats(int active, int starting, boolean paused) {
        return new TaskStats(1, active, 0, 2, 3, 4, 5, starting, 6, 7, paused);
    }
}

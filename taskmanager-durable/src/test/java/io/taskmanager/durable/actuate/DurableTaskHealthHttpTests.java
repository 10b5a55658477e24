package io.taskmanager.durable.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.testkit.BreakableDataSource;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.HttpBody;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A whole application, over real HTTP, as it is by default: what its health says of the database and of its heartbeats, and that nobody
 * may write.
 */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        classes = DurableTaskHealthHttpTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=health,durabletasks",
            "management.endpoint.health.show-details=always",
            "taskmanager.durable.enabled=true",
            "taskmanager.durable.polling-interval=50ms",
            "taskmanager.durable.heartbeat-interval=200ms",
            "taskmanager.durable.missed-heartbeats-limit=1000",
            "taskmanager.managers.work.worker-count=1",
            "taskmanager.managers.work.max-worker-count=1"
        })
@AutoConfigureRestTestClient
@DirtiesContext
class DurableTaskHealthHttpTests {

    @Autowired
    RestTestClient http;

    @Autowired
    DurableTaskClient client;

    @Autowired
    DurableNode node;

    @Autowired
    Work.Script script;

    @Autowired
    JdbcTemplate jdbc;

    @Autowired
    TransactionTemplate transaction;

    @Autowired
    BreakableDataSource dataSource;

    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void repair() {
        dataSource.repair();
        gate.countDown();
        await().until(() -> node.runningTasks() == 0);
    }

    @Test
    void isUpWithTheNumbersOfThisNode() {
        running();

        // A machine that is busy may be late with a heartbeat.
        await().untilAsserted(() -> {
            DocumentContext json = health(200);
            assertThat(json.<String>read("$.status")).isEqualTo("UP");
            assertThat(json.<Map<String, Object>>read("$.details"))
                    .containsOnly(
                            Map.entry("node", node.name()), Map.entry("running", 1), Map.entry("staleHeartbeats", 0));
        });
    }

    @Test
    void isDownWhileTheDatabaseCannotBeReached() {
        dataSource.breakDown();

        DocumentContext json = health(503);

        assertThat(json.<String>read("$.status")).isEqualTo("DOWN");
        assertThat(json.<String>read("$.details.reason")).isEqualTo("the database can't be asked");
        assertThat(json.<String>read("$.details.node")).isEqualTo(node.name());
        assertThat(json.jsonString()).doesNotContain(BreakableDataSource.SECRET);
        dataSource.repair();
        health(200);
    }

    @Test
    void isDownWhileTheDatabaseDoesNotAnswer() {
        dataSource.freeze();

        assertThat(health(503).<String>read("$.details.reason")).isEqualTo("the database has not answered within 5 s");

        dataSource.repair();
        await().untilAsserted(() -> health(200));
    }

    /** Whoever holds the row's lock keeps its heartbeats from being written, and no reader from reading. */
    @Test
    void isDownWhileHeartbeatsAreOverdue() {
        TaskId id = running();

        transaction.executeWithoutResult(status -> {
            jdbc.update("update taskmanager_queue set last_failure = null where task_instance = ?", id.toString());
            await().untilAsserted(() -> {
                DocumentContext json = health(503);
                assertThat(json.<String>read("$.status")).isEqualTo("DOWN");
                assertThat(json.<String>read("$.details.reason"))
                        .isEqualTo("the heartbeats of 1 running tasks are overdue: another node may take them");
                assertThat(json.<Integer>read("$.details.staleHeartbeats")).isEqualTo(1);
            });
        });

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> health(200));
    }

    @Test
    void nobodyChangesATaskUnlessThatIsAllowed() {
        TaskId id = running();

        http.post()
                .uri("/actuator/durabletasks/" + id)
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"action\": \"cancel\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(405);

        assertThat(HttpBody.json(http, "/actuator/durabletasks/" + id, 200).<String>read("$.state"))
                .isEqualTo("RUNNING");
    }

    /** Until the test's end. */
    private TaskId running() {
        script.behaviour = (context, job) -> {
            gate.await();
            return null;
        };
        TaskId id = client.queueTask(Work.JOB, new Job("a"));
        await().until(() -> client.find(id).orElseThrow().state() == DurableTaskState.RUNNING);
        await().until(() -> node.runningTasks() == 1);
        return id;
    }

    private DocumentContext health(int status) {
        return JsonPath.parse(
                HttpBody.of(http.get().uri("/actuator/health/durableTasks").exchange(), status));
    }

    @Configuration(proxyBeanMethods = false)
    static class Application extends Work {
        @Bean
        BreakableDataSource dataSource() {
            return new BreakableDataSource(Database.H2.create());
        }
    }
}

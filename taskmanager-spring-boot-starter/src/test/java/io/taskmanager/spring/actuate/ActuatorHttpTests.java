package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.HttpBody;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * A whole application, over real HTTP: the endpoint's JSON and the Prometheus page show the manager's true numbers, and
 * the same ones. Two workers are held busy, so the numbers stand still while they are compared.
 */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=taskmanager,prometheus",
            "taskmanager.defaults.max-retries=2",
            "taskmanager.managers.images.worker-count=2",
            "taskmanager.managers.images.max-worker-count=2",
            "taskmanager.managers.images.queue-capacity=50",
            "taskmanager.managers.catalog.worker-count=1"
        })
@AutoConfigureRestTestClient
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ActuatorHttpTests {

    private static final String SECRET = "a-task-payload";

    @Autowired
    RestTestClient http;

    @Autowired
    TaskManager<StringBuilder, Object> images;

    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeAll
    void runTasks() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            images.<String>queueTask((context, resource) -> SECRET);
        }
        try {
            images.<String>queueTask((context, resource) -> {
                throw new IllegalStateException(SECRET);
            });
        } catch (TaskExecutionException expected) {
            assertThat(expected).hasRootCauseMessage(SECRET);
        }
        holdTwoWorkersAndQueueThreeTasks();
    }

    private void holdTwoWorkersAndQueueThreeTasks() {
        CountDownLatch started = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            images.queueTaskAsync((context, resource) -> {
                started.countDown();
                gate.await();
                return SECRET;
            });
        }
        await().until(() -> started.getCount() == 0);
        images.queueTaskAsync((context, resource) -> SECRET);
        images.queueTaskWithPriorityAsync((context, resource) -> SECRET);
        images.queueTaskWithPriorityAsync((context, resource) -> SECRET);
        await().until(() -> images.stats().busyWorkers() == 2);
    }

    @AfterAll
    void open() {
        gate.countDown();
    }

    @Test
    void showsOneManagerInFull() {
        DocumentContext json = JsonPath.parse(get("/actuator/taskmanager/images"));

        assertThat(json.<String>read("$.name")).isEqualTo("images");
        assertThat(json.<String>read("$.state")).isEqualTo("RUNNING");
        assertThat(json.<Map<String, Object>>read("$.stats"))
                .containsOnlyKeys(componentsOf(TaskStats.class))
                .containsEntry("baseWorkers", 2)
                .containsEntry("activeWorkers", 2)
                .containsEntry("burstWorkers", 0)
                .containsEntry("queuedTasks", 1)
                .containsEntry("priorityTasks", 2)
                .containsEntry("availableResources", 0)
                .containsEntry("busyWorkers", 2)
                .containsEntry("paused", false);
        assertThat(json.<Map<String, Object>>read("$.metrics"))
                .containsOnlyKeys(componentsOf(TaskMetrics.class))
                .containsEntry("totalTasksCompleted", 3)
                .containsEntry("totalTasksFailed", 1)
                .containsEntry("totalTasksArrived", 9)
                .containsEntry("successRate", 0.75)
                .containsEntry("failureRate", 0.25)
                .containsEntry(
                        "maxExecutionTime", images.metrics().maxExecutionTime().toString());
        assertThat(json.<Map<String, Object>>read("$.config"))
                .containsEntry("queueCapacity", 50)
                .containsEntry("maxRetries", 2)
                .containsEntry("burstInterval", "PT0.1S")
                .containsEntry("overflowPolicy", "BLOCK")
                .containsEntry("priorityBurstLimit", 0)
                .containsEntry("resourceMaxUses", 0);
        assertThat(json.<Double>read("$.config.retryBackoff.multiplier")).isEqualTo(2);
    }

    @Test
    void showsWhatEachWorkerDoes() {
        DocumentContext json = JsonPath.parse(get("/actuator/taskmanager/images"));

        assertThat(json.<List<Integer>>read("$.workers[*].id")).containsExactly(1, 2);
        assertThat(json.<List<String>>read("$.workers[*].state")).containsOnly("BUSY");
        assertThat(json.<List<Boolean>>read("$.workers[*].burst")).containsOnly(false);
        assertThat(json.<List<Integer>>read("$.workers[*].generation")).containsOnly(0);
        assertThat(json.<List<String>>read("$.workers[*].busyFor"))
                .hasSize(2)
                .allSatisfy(time -> assertThat(Duration.parse(time)).isPositive());
        assertThat(json.<List<String>>read("$.workers[*].resourceAge"))
                .hasSize(2)
                .allSatisfy(time -> assertThat(Duration.parse(time)).isPositive());
        assertThat(json.<List<Integer>>read("$.workers[*].uses"))
                .satisfies(uses -> assertThat(uses.get(0) + uses.get(1)).isEqualTo(4));
        assertThat(json.<List<String>>read("$.workers[*].lastOutcomes[*]"))
                .containsExactlyInAnyOrder("COMPLETED", "COMPLETED", "COMPLETED", "FAILED");
    }

    @Test
    void showsWhatHappenedAndWhatHoldsTheQueue() {
        DocumentContext json = JsonPath.parse(get("/actuator/taskmanager/images"));

        assertThat(json.<List<String>>read("$.events[*].type")).containsExactly("RESOURCE_CREATED", "RESOURCE_CREATED");
        assertThat(json.<Map<String, Object>>read("$.events[0]")).containsOnlyKeys("at", "type", "cause", "detail");
        assertThat(Instant.parse(json.read("$.events[0].at"))).isBefore(Instant.now());
        assertThat(json.<String>read("$.events[1].detail")).endsWith("created 2, destroyed 0");
        assertThat(json.<String>read("$.why"))
                .isEqualTo("3 tasks wait (main 1, priority 2, retry 0), because all 2 workers are busy;"
                        + " maxWorkerCount (2) allows no more.");
    }

    @Test
    void showsAllManagersInShort() {
        DocumentContext json = JsonPath.parse(get("/actuator/taskmanager"));

        assertThat(json.<Map<String, Object>>read("$.managers")).containsOnlyKeys("images", "catalog");
        assertThat(json.<String>read("$.managers.catalog.state")).isEqualTo("RUNNING");
        assertThat(json.<Integer>read("$.managers.images.stats.priorityTasks")).isEqualTo(2);
    }

    @Test
    void showsNeverWhatTasksCarry() {
        assertThat(get("/actuator/taskmanager")).doesNotContain(SECRET);
        assertThat(get("/actuator/taskmanager/images")).doesNotContain(SECRET);
    }

    @Test
    void prometheusShowsTheSameNumbers() {
        DocumentContext json = JsonPath.parse(get("/actuator/taskmanager/images"));
        String page = get("/actuator/prometheus");

        assertThat(read(page, "taskmanager_workers", "kind=\"base\",")).isEqualTo(number(json, "stats.baseWorkers"));
        assertThat(read(page, "taskmanager_workers", "kind=\"active\","))
                .isEqualTo(number(json, "stats.activeWorkers"));
        assertThat(read(page, "taskmanager_workers", "kind=\"burst\",")).isEqualTo(number(json, "stats.burstWorkers"));
        assertThat(read(page, "taskmanager_queue_tasks", "lane=\"main\","))
                .isEqualTo(number(json, "stats.queuedTasks"));
        assertThat(read(page, "taskmanager_queue_tasks", "lane=\"priority\","))
                .isEqualTo(number(json, "stats.priorityTasks"));
        assertThat(read(page, "taskmanager_resources_available", ""))
                .isEqualTo(number(json, "stats.availableResources"));

        assertThat(read(page, "taskmanager_tasks_completed_total", ""))
                .isEqualTo(number(json, "metrics.totalTasksCompleted"));
        assertThat(read(page, "taskmanager_tasks_failed_total", ""))
                .isEqualTo(number(json, "metrics.totalTasksFailed"));
        assertThat(read(page, "taskmanager_tasks_retried_total", ""))
                .isEqualTo(number(json, "metrics.totalTasksRetried"));
        assertThat(read(page, "taskmanager_tasks_success_rate", "")).isEqualTo(number(json, "metrics.successRate"));
        assertThat(read(page, "taskmanager_tasks_failure_rate", "")).isEqualTo(number(json, "metrics.failureRate"));
        assertThat(read(page, "taskmanager_tasks_arrival_rate", "")).isPositive();
        assertThat(read(page, "taskmanager_tasks_completion_rate", "")).isPositive();
        assertSameTime(page, "execution_time_average", json, "averageExecutionTime");
        assertSameTime(page, "execution_time_min", json, "minExecutionTime");
        assertSameTime(page, "execution_time_max", json, "maxExecutionTime");
        assertSameTime(page, "execution_time_p95", json, "p95ExecutionTime");
        assertSameTime(page, "execution_time_p99", json, "p99ExecutionTime");
        assertSameTime(page, "wait_time_average", json, "averageWaitTime");
    }

    @Test
    void prometheusShowsTheTimers() {
        String page = get("/actuator/prometheus");

        assertThat(page)
                .contains("taskmanager_tasks_execution_seconds_count{name=\"images\",outcome=\"completed\"} 3\n")
                .contains("taskmanager_tasks_execution_seconds_count{name=\"images\",outcome=\"failed\"} 1\n")
                .contains("taskmanager_tasks_wait_seconds_count{lane=\"main\",name=\"images\"} 4\n")
                .contains("taskmanager_tasks_wait_seconds_count{lane=\"priority\",name=\"images\"} 0\n")
                .contains("taskmanager_tasks_wait_seconds_count{lane=\"main\",name=\"catalog\"} 0\n")
                .doesNotContain("_bucket{");
    }

    @Test
    void anUnknownManagerIsNotFound() {
        http.get()
                .uri("/actuator/taskmanager/imagse")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.error")
                .isEqualTo("no task manager is named 'imagse'; there are [images, catalog]");
    }

    @Test
    void nobodySteersAManagerUnlessThatIsAllowed() {
        http.post()
                .uri("/actuator/taskmanager/images")
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"action\": \"pause\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(405);

        assertThat(images.stats().paused()).isFalse();
    }

    private String get(String path) {
        return HttpBody.get(http, path);
    }

    private static String[] componentsOf(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toArray(String[]::new);
    }

    private static double number(DocumentContext json, String path) {
        return json.<Number>read("$." + path).doubleValue();
    }

    private static void assertSameTime(String page, String meter, DocumentContext json, String metric) {
        Duration time = Duration.parse(json.read("$.metrics." + metric));
        assertThat(read(page, "taskmanager_tasks_" + meter + "_seconds", ""))
                .as(metric)
                .isEqualTo(time.toNanos() / 1e9, within(1e-9));
    }

    private static double read(String page, String meter, String tags) {
        Matcher line = Pattern.compile(Pattern.quote(meter + "{" + tags + "name=\"images\"} ") + "(\\S+)")
                .matcher(page);
        assertThat(line.find()).as(meter + tags + " in\n" + page).isTrue();
        return Double.parseDouble(line.group(1));
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        ResourceFactory<StringBuilder> imagesResourceFactory() {
            return ResourceFactory.of(StringBuilder::new, resource -> {});
        }

        @Bean
        ResourceFactory<Object> catalogResourceFactory() {
            return ResourceFactory.of(Object::new, resource -> {});
        }
    }
}

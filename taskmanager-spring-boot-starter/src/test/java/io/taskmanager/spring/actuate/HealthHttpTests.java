package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.spring.HttpBody;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A whole application, over real HTTP: what its health says of managers that are well, broken, paused and stopping. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=health,info,taskmanager",
            "management.endpoint.health.show-details=always",
            "management.endpoint.health.group.readiness.include=readinessState,taskManagers",
            "management.info.taskmanager.enabled=true",
            "taskmanager.managers.images.worker-count=2",
            "taskmanager.managers.images.max-worker-count=3",
            "taskmanager.managers.catalog.worker-count=1",
            "taskmanager.managers.catalog.startup-policy=lenient"
        })
@AutoConfigureRestTestClient
@DirtiesContext
class HealthHttpTests {

    private static final String SECRET = "the password is wrong";

    @Autowired
    RestTestClient http;

    @Autowired
    TaskManager<StringBuilder, Object> images;

    @Autowired
    TaskManager<Object, Object> catalog;

    @Autowired
    AtomicBoolean broken;

    /** In one test, for each manager has but one life. */
    @Test
    void tellsHowTheManagersAre() throws Exception {
        whileNoResourceCanBeCreated();
        whenAllIsWell();
        whilePaused();
        whileStopping();
    }

    private void whileNoResourceCanBeCreated() {
        await().until(() -> catalog.control().isOutage());
        catalog.queueTaskAsync((context, resource) -> null);

        DocumentContext json = health("/catalog", 503);
        assertThat(json.<String>read("$.status")).isEqualTo("DOWN");
        assertThat(json.<String>read("$.details.reason")).isEqualTo("no resource can be created");
        assertThat(json.<Integer>read("$.details.active")).isZero();
        assertThat(json.<Integer>read("$.details.starting")).isEqualTo(1);
        assertThat(json.<Integer>read("$.details.queued")).isEqualTo(1);
        assertThat(json.<String>read("$.details.why")).contains("no resource can be created");
        assertThat(json.jsonString()).doesNotContain(SECRET);
        DocumentContext shown = get("/actuator/taskmanager/catalog", 200);
        assertThat(shown.<String>read("$.events[0].type")).isEqualTo("CREATION_FAILED");
        assertThat(shown.<String>read("$.events[0].detail")).isEqualTo("java.lang.IllegalStateException");
        assertThat(shown.jsonString()).doesNotContain(SECRET);
        assertThat(health("", 503).<String>read("$.components.images.status")).isEqualTo("UP");
    }

    private void whenAllIsWell() {
        broken.set(false);
        await().until(() -> catalog.stats().activeWorkers() == 1);
        await().until(() -> images.stats().activeWorkers() == 2);

        DocumentContext json = health("", 200);
        assertThat(json.<String>read("$.status")).isEqualTo("UP");
        assertThat(json.<String>read("$.components.catalog.status")).isEqualTo("UP");
        assertThat(json.<Map<String, Object>>read("$.components.images.details"))
                .containsOnlyKeys("active", "busy", "starting", "queued", "priority", "retrying", "why")
                .containsEntry("active", 2)
                .containsEntry("busy", 0)
                .containsEntry("why", "Nothing waits: 0 of 2 workers are busy.");
    }

    private void whilePaused() {
        images.control().pause();

        DocumentContext json = health("/images", 503);
        assertThat(json.<String>read("$.status")).isEqualTo("OUT_OF_SERVICE");
        assertThat(json.<String>read("$.details.reason")).isEqualTo("the manager is paused");
        assertThat(get("/actuator/health/readiness", 503).<String>read("$.status"))
                .isEqualTo("OUT_OF_SERVICE");

        images.control().resume();
        get("/actuator/health/readiness", 200);
        health("/images", 200);
    }

    private void whileStopping() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Object> task = images.queueTaskAsync((context, resource) -> {
            gate.await();
            return null;
        });
        // Not on the common pool, which has one thread on a small machine, and the HTTP client needs that.
        Thread stop = new Thread(images::stop, "stop");
        stop.start();
        await().until(() -> images.state() == TaskManagerState.STOPPING);

        DocumentContext json = health("/images", 503);
        assertThat(json.<String>read("$.status")).isEqualTo("OUT_OF_SERVICE");
        assertThat(json.<String>read("$.details.reason")).isEqualTo("the manager is STOPPING");
        assertThat(json.<Integer>read("$.details.busy")).isEqualTo(1);

        gate.countDown();
        task.get();
        stop.join();
        assertThat(health("/images", 503).<String>read("$.details.reason")).isEqualTo("the manager is TERMINATED");
    }

    @Test
    void infoTellsWhatTheManagersAre() {
        DocumentContext json = get("/actuator/info", 200);

        assertThat(json.<Map<String, Object>>read("$.taskManagers.managers")).containsOnlyKeys("images", "catalog");
        assertThat(json.<Map<String, Object>>read("$.taskManagers.managers.images"))
                .containsOnly(
                        Map.entry("workerCount", 2),
                        Map.entry("maxWorkerCount", 3),
                        Map.entry("resourceType", "java.lang.StringBuilder"),
                        Map.entry("resultType", "java.lang.Object"));
    }

    private DocumentContext health(String path, int status) {
        return get("/actuator/health/taskManagers" + path, status);
    }

    private DocumentContext get(String path, int status) {
        return JsonPath.parse(HttpBody.of(http.get().uri(path).exchange(), status));
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        AtomicBoolean broken() {
            return new AtomicBoolean(true);
        }

        @Bean
        ResourceFactory<StringBuilder> imagesResourceFactory() {
            return ResourceFactory.of(StringBuilder::new, resource -> {});
        }

        @Bean
        ResourceFactory<Object> catalogResourceFactory(AtomicBoolean broken) {
            return ResourceFactory.of(
                    () -> {
                        if (broken.get()) {
                            throw new IllegalStateException(SECRET);
                        }
                        return new Object();
                    },
                    resource -> {});
        }
    }
}

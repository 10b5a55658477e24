package io.taskmanager.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.spring.HttpBody;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A whole application that allows writes, over real HTTP: what each does, who is written down, and what is refused. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=taskmanager",
            "management.endpoint.taskmanager.access=unrestricted",
            "taskmanager.managers.images.worker-count=1",
            "taskmanager.managers.images.max-worker-count=2",
            "taskmanager.managers.catalog.worker-count=1"
        })
@AutoConfigureRestTestClient
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class ActuatorWriteHttpTests {

    private static final String IMAGES = "/actuator/taskmanager/images";
    private static final String USER = "X-Test-User";

    @Autowired
    RestTestClient http;

    @Autowired
    TaskManager<StringBuilder, Object> images;

    @Autowired
    TaskManager<Object, Object> catalog;

    @Autowired
    Audits audits;

    private int auditsBefore;

    @BeforeEach
    void countAudits() {
        auditsBefore = audits.all().size();
    }

    @AfterEach
    void putBack() {
        images.control().resume();
        images.control().resize(1, 2);
    }

    @Test
    void pausesAndResumes() {
        DocumentContext paused = ok("{\"action\": \"pause\"}");
        assertThat(paused.<String>read("$.state")).isEqualTo("RUNNING");
        assertThat(paused.<Boolean>read("$.stats.paused")).isTrue();
        assertThat(images.stats().paused()).isTrue();
        assertThat(catalog.stats().paused()).isFalse();

        DocumentContext resumed = ok("{\"action\": \"resume\"}");
        assertThat(resumed.<Boolean>read("$.stats.paused")).isFalse();
        assertThat(images.stats().paused()).isFalse();
    }

    @Test
    void resizes() {
        DocumentContext json = ok("{\"action\": \"resize\", \"workerCount\": 3, \"maxWorkerCount\": 4}");

        assertThat(json.<Integer>read("$.stats.baseWorkers")).isEqualTo(3);
        http.get().uri(IMAGES).exchange().expectBody().jsonPath("$.maxWorkers").isEqualTo(4);
        await().until(() -> images.stats().activeWorkers() == 3);
    }

    @Test
    void takesANumberInQuotes() {
        ok("{\"action\": \"resize\", \"workerCount\": \"2\", \"maxWorkerCount\": \"2\"}");

        assertThat(images.stats().baseWorkers()).isEqualTo(2);
    }

    @Test
    void recycles() throws InterruptedException {
        StringBuilder before = images.queueTask((context, resource) -> resource);

        ok("{\"action\": \"recycle\"}");

        await().until(() -> images.control().workers().stream().allMatch(worker -> worker.generation() > 0));
        assertThat(images.<StringBuilder>queueTask((context, resource) -> resource))
                .isNotSameAs(before);
    }

    @Test
    void writesDownWhoDidWhat(CapturedOutput output) {
        send(IMAGES, "{\"action\": \"resize\", \"workerCount\": 2, \"maxWorkerCount\": 3}", "alice")
                .expectStatus()
                .isOk();

        assertThat(output)
                .containsPattern("INFO .*io.taskmanager.audit .*"
                        + "action=resize manager=images workerCount=2 maxWorkerCount=3 principal=alice");
        AuditEvent audit = newAudit();
        assertThat(audit.getPrincipal()).isEqualTo("alice");
        assertThat(audit.getType()).isEqualTo("TASKMANAGER_RESIZE");
        assertThat(audit.getData())
                .containsExactlyInAnyOrderEntriesOf(Map.of("manager", "images", "workerCount", 2, "maxWorkerCount", 3));
    }

    @Test
    void writesDownThatItDoesNotKnowWho(CapturedOutput output) {
        ok("{\"action\": \"pause\"}");

        assertThat(output).contains("action=pause manager=images principal=anonymous");
        assertThat(newAudit().getPrincipal()).isEqualTo("anonymous");
    }

    @Test
    void letsNobodyWriteALineOfTheLog(CapturedOutput output) {
        send(IMAGES, "{\"action\": \"pause\"}", "eve%0Aaction=resume")
                .expectStatus()
                .isOk();

        assertThat(output).contains("action=pause manager=images principal=eve?action=resume");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {}                            | action is missing; it must be one of pause, resume, resize, recycle, probe
                    {"action": "stop"}            | action must be one of pause, resume, resize, recycle, probe, but was 'stop'
                    {"action": 7}                 | action must be one of pause, resume, resize, recycle, probe, but was '7'
                    {"action": "pause", "workerCount": 3} | workerCount must be left out, since only resize takes it and the action is pause, but was '3'
                    {"action": "resize", "maxWorkerCount": 3} | workerCount is missing; resize takes workerCount and maxWorkerCount, both whole numbers from 1
                    {"action": "resize", "workerCount": 3} | maxWorkerCount is missing; resize takes workerCount and maxWorkerCount, both whole numbers from 1
                    {"action": "resize", "workerCount": "x", "maxWorkerCount": 3} | workerCount must be a whole number from 1, but was 'x'
                    {"action": "resize", "workerCount": 1.5, "maxWorkerCount": 3} | workerCount must be a whole number from 1, but was '1.5'
                    {"action": "resize", "workerCount": 0, "maxWorkerCount": 3} | workerCount must be from 1 to 1000000, but was 0
                    {"action": "resize", "workerCount": 4, "maxWorkerCount": 3} | maxWorkerCount must be from workerCount (4) to 1000000, but was 3
                    """)
    void refusesWhatCannotBeAndSaysWhy(String body, String error) {
        assertThat(refused(IMAGES, body, 400)).isEqualTo(error);

        assertNothingChanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "pause", "{\"action\": {\"name\": \"pause\"}}"})
    void refusesWhatItCannotRead(String body) {
        send(IMAGES, body, null).expectStatus().isBadRequest();

        assertNothingChanged();
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded, action=pause",
        "text/plain, '{\"action\": \"pause\"}'",
        "multipart/form-data;boundary=b, '--b\r\nContent-Disposition: form-data; name=action\r\n\r\npause\r\n--b--\r\n'"
    })
    void takesOnlyJson(String type, String body) {
        http.post()
                .uri(IMAGES)
                .contentType(MediaType.parseMediaType(type))
                .body(body.getBytes(StandardCharsets.UTF_8))
                .exchange()
                .expectStatus()
                .isEqualTo(415);

        assertNothingChanged();
    }

    @Test
    void takesNothingWithoutABody() {
        http.post().uri(IMAGES).exchange().expectStatus().isEqualTo(415);

        assertNothingChanged();
    }

    @Test
    void tellsWhichManagersThereAre() {
        assertThat(refused("/actuator/taskmanager/imagse", "{\"action\": \"pause\"}", 404))
                .isEqualTo("no task manager is named 'imagse'; there are [images, catalog]");
    }

    @Test
    void steersNoManagerThatHasEnded() {
        catalog.stop();

        assertThat(refused("/actuator/taskmanager/catalog", "{\"action\": \"pause\"}", 409))
                .isEqualTo("the task manager 'catalog' must be RUNNING, but is TERMINATED");
        assertThat(catalog.control().events()).noneMatch(event -> event.type() == TaskManagerEvent.Type.PAUSED);
        assertThat(audits.all()).hasSize(auditsBefore);
    }

    private void assertNothingChanged() {
        assertThat(images.stats().paused()).isFalse();
        assertThat(images.stats().baseWorkers()).isEqualTo(1);
        assertThat(audits.all()).hasSize(auditsBefore);
    }

    private AuditEvent newAudit() {
        assertThat(audits.all()).hasSize(auditsBefore + 1);
        return audits.all().get(auditsBefore);
    }

    private DocumentContext ok(String body) {
        return JsonPath.parse(HttpBody.of(send(IMAGES, body, null), 200));
    }

    private String refused(String path, String body, int status) {
        DocumentContext json = JsonPath.parse(HttpBody.of(send(path, body, null), status));
        assertThat(json.<Map<String, Object>>read("$")).containsOnlyKeys("error");
        return json.read("$.error");
    }

    private RestTestClient.ResponseSpec send(String path, String body, @Nullable String user) {
        RestTestClient.RequestHeadersSpec<?> request =
                http.post().uri(path).contentType(MediaType.APPLICATION_JSON).body(body);
        if (user != null) {
            request.header(USER, user);
        }
        return request.exchange();
    }

    /** In place of a repository, whose auto-configuration wants Spring Security. */
    record Audits(List<AuditEvent> all) implements ApplicationListener<AuditApplicationEvent> {
        @Override
        public void onApplicationEvent(AuditApplicationEvent event) {
            all.add(event.getAuditEvent());
        }
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

        @Bean
        Audits audits() {
            return new Audits(new CopyOnWriteArrayList<>());
        }

        /** Whoever the header names is who asks; %0A in it is a line break, which no header can carry. */
        @Bean
        Filter authentication() {
            return (request, response, chain) -> chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public @Nullable Principal getUserPrincipal() {
                            String user = getHeader(USER);
                            return user == null ? null : () -> user.replace("%0A", "\n");
                        }
                    },
                    response);
        }
    }
}

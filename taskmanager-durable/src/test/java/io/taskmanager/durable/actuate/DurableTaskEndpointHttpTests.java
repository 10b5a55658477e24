package io.taskmanager.durable.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskQuery;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.durable.testkit.BreakableDataSource;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.HttpBody;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** A whole application that allows writes, over real HTTP: what is shown, what each write does, and what is refused. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        classes = DurableTaskEndpointHttpTests.Application.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=durabletasks,taskmanagerui",
            "management.endpoint.taskmanagerui.access=read-only",
            "management.endpoint.durabletasks.access=unrestricted",
            "taskmanager.durable.enabled=true",
            "taskmanager.durable.polling-interval=50ms",
            "taskmanager.managers.work.worker-count=2",
            "taskmanager.managers.work.max-worker-count=2"
        })
@AutoConfigureRestTestClient
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class DurableTaskEndpointHttpTests {

    private static final String ALL = "/actuator/durabletasks";
    private static final String SECRET = "a-task-payload";
    private static final String USER = "X-Test-User";

    /** No node knows it, so its tasks wait. */
    private static final TaskType<Job, String> UNKNOWN = TaskType.of("unknown", Job.class, String.class);

    @Autowired
    RestTestClient http;

    @Autowired
    DurableTaskClient client;

    @Autowired
    Work.Script script;

    @Autowired
    JdbcTemplate jdbc;

    @Autowired
    BreakableDataSource dataSource;

    @Autowired
    Audits audits;

    private final CountDownLatch gate = new CountDownLatch(1);
    private int auditsBefore;

    @BeforeEach
    void begin() {
        auditsBefore = audits.all().size();
        script.behaviour = (context, job) -> SECRET;
    }

    @AfterEach
    void clear() {
        dataSource.repair();
        gate.countDown();
        await().until(() -> client.list(DurableTaskQuery.all().state(DurableTaskState.RUNNING))
                .tasks()
                .isEmpty());
        jdbc.update("delete from taskmanager_queue");
        jdbc.update("delete from taskmanager_history");
    }

    /** One test for them all, since numbers are kept for some seconds. */
    @Test
    void showsHowManyTasksThereAreAndWhoHasThem() {
        succeeded();
        deadLetter();
        TaskId running = running();
        client.enqueueAll(List.of(
                later(Duration.ofHours(1)),
                DurableTaskRequest.builder(UNKNOWN, new Job(SECRET))
                        .at(Instant.now().minus(Duration.ofHours(2)))
                        .build()));

        DocumentContext json = await().until(
                        () -> get(""),
                        now -> now.<Map<String, Integer>>read("$.states").get("RUNNING") == 1
                                && now.<Map<String, Object>>read("$.types").containsKey("unknown"));

        assertThat(json.<Map<String, Object>>read("$"))
                .containsOnlyKeys("asOf", "types", "states", "deadLetters", "oldest", "nodes");
        assertThat(Instant.parse(json.read("$.asOf"))).isBeforeOrEqualTo(Instant.now());
        assertThat(json.<Map<String, Integer>>read("$.states"))
                .containsOnly(
                        Map.entry("QUEUED", 2),
                        Map.entry("RUNNING", 1),
                        Map.entry("SUCCEEDED", 1),
                        Map.entry("FAILED", 0),
                        Map.entry("DEAD_LETTER", 1),
                        Map.entry("LOST", 0),
                        Map.entry("CANCELLED", 0));
        assertThat(json.<Map<String, Integer>>read("$.types.unknown")).containsOnly(Map.entry("QUEUED", 1));
        assertThat(json.<Map<String, Integer>>read("$.types.job"))
                .containsOnly(
                        Map.entry("QUEUED", 1),
                        Map.entry("RUNNING", 1),
                        Map.entry("SUCCEEDED", 1),
                        Map.entry("DEAD_LETTER", 1));
        assertThat(json.<Integer>read("$.deadLetters")).isEqualTo(1);
        assertThat(Duration.parse(json.read("$.oldest.age")))
                .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusMinutes(5));
        assertThat(json.<List<Object>>read("$.nodes")).hasSize(1);
        assertThat(json.<String>read("$.nodes[0].name"))
                .isEqualTo(client.find(running).orElseThrow().node());
        assertThat(json.<Integer>read("$.nodes[0].running")).isEqualTo(1);
        assertThat(Instant.parse(json.read("$.nodes[0].oldestHeartbeat"))).isBeforeOrEqualTo(Instant.now());
    }

    /** Relative to the page, which is beside it. */
    @Test
    void theLivePageIsToldWhereItIs() {
        String page = HttpBody.of(http.get().uri("/actuator/taskmanagerui").exchange(), 200);

        assertThat(page).contains(" data-durabletasks=\"durabletasks\"");
    }

    @Test
    void showsOneTaskAndNeverWhatItCarries() {
        TaskId id = deadLetter();

        DocumentContext json = get("/" + id);

        assertThat(json.<Map<String, Object>>read("$"))
                .containsEntry("id", id.toString())
                .containsEntry("type", "job")
                .containsEntry("state", "DEAD_LETTER")
                .containsEntry("priority", false)
                .containsEntry("once", false)
                .containsEntry("attempts", 1)
                .containsEntry("lastError", IllegalStateException.class.getName())
                .containsKeys("createdAt", "dueAt", "startedAt", "finishedAt", "node")
                .hasSize(12);
        assertThat(json.jsonString()).doesNotContain(SECRET);
        assertThat(get("/tasks").jsonString()).doesNotContain(SECRET);
    }

    @Test
    void listsTasksNewestFirstPageByPage() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, client.enqueue(later(Duration.ofHours(1))).toString());
            // Two of the same millisecond have no order.
            Instant now = Instant.now();
            await().pollInterval(Duration.ofMillis(1)).until(() -> Instant.now().toEpochMilli() > now.toEpochMilli());
        }
        succeeded();

        DocumentContext first = get("/tasks?state=QUEUED&type=job&limit=3");
        DocumentContext second = get("/tasks?state=QUEUED&type=job&limit=3&before=" + first.<String>read("$.next"));

        assertThat(first.<List<String>>read("$.tasks[*].id")).isEqualTo(ids.subList(0, 3));
        assertThat(second.<List<String>>read("$.tasks[*].id")).isEqualTo(ids.subList(3, 5));
        assertThat(second.<Map<String, Object>>read("$")).containsOnlyKeys("tasks");
        assertThat(get("/tasks").<List<String>>read("$.tasks[*].state"))
                .hasSize(6)
                .startsWith("SUCCEEDED");
        assertThat(get("/tasks?type=unknown").<List<Object>>read("$.tasks")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    state=queued   | state must be one of QUEUED, RUNNING, SUCCEEDED, FAILED, DEAD_LETTER, LOST, CANCELLED, but was 'queued'
                    before=x       | before must be the id of a task, but was 'x'
                    limit=x        | limit must be a whole number from 1 to 1000, but was 'x'
                    limit=0        | limit must be from 1 to 1000, but was 0
                    """)
    void refusesToListWhatCannotBe(String query, String error) {
        assertThat(errorOf(get("/tasks?" + query, 400))).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({"019ac7d2-0000-7000-8000-000000000000", "imports"})
    void aTaskThatIsNotThereIsNotFound(String id) {
        assertThat(errorOf(get("/" + id, 404))).isEqualTo("there is no task '" + id + "'");
        assertThat(refused(id, "{\"action\": \"cancel\"}", 404)).isEqualTo("there is no task '" + id + "'");
    }

    @Test
    void redrives() {
        TaskId id = deadLetter();
        script.behaviour = (context, job) -> SECRET;

        DocumentContext json = JsonPath.parse(HttpBody.of(send(id.toString(), "{\"action\": \"redrive\"}", null), 200));

        assertThat(json.<String>read("$.id")).isEqualTo(id.toString());
        assertThat(json.<String>read("$.state")).isIn("QUEUED", "RUNNING", "SUCCEEDED");
        awaitState(id, DurableTaskState.SUCCEEDED);
    }

    @Test
    void cancels() {
        TaskId id = client.enqueue(later(Duration.ofHours(1)));

        DocumentContext json = JsonPath.parse(HttpBody.of(send(id.toString(), "{\"action\": \"cancel\"}", null), 200));

        assertThat(json.<String>read("$.state")).isEqualTo("CANCELLED");
        awaitState(id, DurableTaskState.CANCELLED);
    }

    @Test
    void changesNoTaskInAnotherState() {
        String ended = succeeded().toString();
        String running = running().toString();

        assertThat(refused(ended, "{\"action\": \"redrive\"}", 409))
                .isEqualTo("the task " + ended + " must be DEAD_LETTER, LOST or FAILED for redrive, but is SUCCEEDED");
        assertThat(refused(running, "{\"action\": \"cancel\"}", 409))
                .isEqualTo("the task " + running + " must be QUEUED for cancel, but is RUNNING");
        assertThat(audits.all()).hasSize(auditsBefore);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                | action is missing; it must be redrive or cancel
                    {"action":"stop"} | action must be redrive or cancel, but was 'stop'
                    {"action":7}      | action must be redrive or cancel, but was '7'
                    """)
    void refusesWhatCannotBeAndSaysWhy(String body, String error) {
        TaskId id = client.enqueue(later(Duration.ofHours(1)));

        assertThat(refused(id.toString(), body, 400)).isEqualTo(error);
        awaitState(id, DurableTaskState.QUEUED);
    }

    @Test
    void takesOnlyJson() {
        TaskId id = client.enqueue(later(Duration.ofHours(1)));

        http.post()
                .uri(ALL + "/" + id)
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body("action=cancel".getBytes(StandardCharsets.UTF_8))
                .exchange()
                .expectStatus()
                .isEqualTo(415);

        awaitState(id, DurableTaskState.QUEUED);
    }

    @Test
    void writesDownWhoDidWhat(CapturedOutput output) {
        TaskId id = client.enqueue(later(Duration.ofHours(1)));

        send(id.toString(), "{\"action\": \"cancel\"}", "alice").expectStatus().isOk();

        assertThat(output).contains("action=cancel task=" + id + " principal=alice");
        assertThat(audits.all()).hasSize(auditsBefore + 1);
        AuditEvent audit = audits.all().get(auditsBefore);
        assertThat(audit.getPrincipal()).isEqualTo("alice");
        assertThat(audit.getType()).isEqualTo("TASKMANAGER_CANCEL");
        assertThat(audit.getData()).containsExactlyEntriesOf(Map.of("task", id.toString()));
    }

    @Test
    void saysThatTheDatabaseCannotBeAsked() {
        TaskId id = client.enqueue(later(Duration.ofHours(1)));
        dataSource.breakDown();

        assertThat(errorOf(get("/" + id, 503))).isEqualTo("the database can't be asked");
        assertThat(errorOf(get("/tasks", 503))).isEqualTo("the database can't be asked");
        assertThat(refused(id.toString(), "{\"action\": \"cancel\"}", 503)).isEqualTo("the database can't be asked");
    }

    private TaskId succeeded() {
        TaskId id = client.queueTask(Work.JOB, new Job(SECRET));
        awaitState(id, DurableTaskState.SUCCEEDED);
        return id;
    }

    private TaskId deadLetter() {
        script.behaviour = (context, job) -> {
            throw new IllegalStateException(SECRET);
        };
        TaskId id = client.enqueue(DurableTaskRequest.builder(Work.JOB, new Job(SECRET))
                .maxRetries(0)
                .build());
        awaitState(id, DurableTaskState.DEAD_LETTER);
        return id;
    }

    /** Until the test's end. */
    private TaskId running() {
        script.behaviour = (context, job) -> {
            gate.await();
            return SECRET;
        };
        TaskId id = client.queueTask(Work.JOB, new Job(SECRET));
        awaitState(id, DurableTaskState.RUNNING);
        return id;
    }

    private static DurableTaskRequest<Job> later(Duration delay) {
        return DurableTaskRequest.builder(Work.JOB, new Job(SECRET))
                .delay(delay)
                .build();
    }

    private void awaitState(TaskId id, DurableTaskState state) {
        await().until(() -> client.find(id).orElseThrow().state(), now -> now == state);
    }

    private DocumentContext get(String path) {
        return get(path, 200);
    }

    private DocumentContext get(String path, int status) {
        return HttpBody.json(http, ALL + path, status);
    }

    private String refused(String id, String body, int status) {
        return errorOf(JsonPath.parse(HttpBody.of(send(id, body, null), status)));
    }

    private static String errorOf(DocumentContext json) {
        assertThat(json.<Map<String, Object>>read("$")).containsOnlyKeys("error");
        return json.read("$.error");
    }

    private RestTestClient.ResponseSpec send(String id, String body, @Nullable String user) {
        RestTestClient.RequestHeadersSpec<?> request = http.post()
                .uri(ALL + "/" + id)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
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

    @Configuration(proxyBeanMethods = false)
    static class Application extends Work {
        @Bean
        BreakableDataSource dataSource() {
            return new BreakableDataSource(Database.H2.create());
        }

        @Bean
        Audits audits() {
            return new Audits(new CopyOnWriteArrayList<>());
        }

        /** Whoever the header names is who asks. */
        @Bean
        Filter authentication() {
            return (request, response, chain) -> chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public @Nullable Principal getUserPrincipal() {
                            String user = getHeader(USER);
                            return user == null ? null : () -> user;
                        }
                    },
                    response);
        }
    }
}

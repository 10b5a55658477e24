package io.taskmanager.durable.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.HttpBody;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** What Prometheus scrapes of durable tasks is true, and what the page of metrics says, in both directions. */
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
@SpringBootTest(
        classes = Work.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "management.endpoints.web.exposure.include=prometheus",
            "taskmanager.durable.enabled=true",
            "taskmanager.durable.polling-interval=50ms",
            "taskmanager.durable.heartbeat-interval=100ms",
            "taskmanager.durable.missed-heartbeats-limit=20",
            "taskmanager.durable.retry.backoff.initial=1ms",
            "taskmanager.managers.work.worker-count=2",
            "taskmanager.managers.work.max-worker-count=2"
        })
@AutoConfigureRestTestClient
@DirtiesContext
class DurableMetricsPageTests {

    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(taskmanager\\.durable[\\w.]+)` \\| (\\w+) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\| [^|]+ \\|$",
            Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern SERIES =
            Pattern.compile("^(taskmanager_durable_\\w+)(?:\\{(.*)})? (\\S+)$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("taskmanager_durable_\\w+");

    /** No node knows it, so its tasks wait. */
    private static final TaskType<Job, String> UNKNOWN = TaskType.of("unknown", Job.class, String.class);

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", Database.H2::create);
    }

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

    private record Series(String name, Map<String, String> labels, double value) {

        static Series of(MatchResult line) {
            String labels = line.group(2) == null ? "" : line.group(2);
            return new Series(
                    line.group(1),
                    LABEL.matcher(labels).results().collect(Collectors.toMap(l -> l.group(1), l -> l.group(2))),
                    Double.parseDouble(line.group(3)));
        }
    }

    private record Row(Map<String, Set<String>> labels, List<String> series) {

        /** Tags stand between semicolons, each before its values; what is quoted in a dash's place is none. */
        static Row of(MatchResult row) {
            Map<String, Set<String>> labels = new TreeMap<>();
            for (String tag : row.group(3).split(";")) {
                List<String> words = quoted(tag);
                if (!words.isEmpty()) {
                    labels.put(words.get(0), words.stream().skip(1).collect(Collectors.toCollection(TreeSet::new)));
                }
            }
            return new Row(labels, quoted(row.group(5)));
        }
    }

    /** One test, for what the database has is read anew only after some seconds. */
    @Test
    void thePageSaysWhatIsScrapedAndThatIsTrue() throws Exception {
        assertThat(scrape())
                .filteredOn(one -> one.name.equals("taskmanager_durable_outcomes_total"))
                .as("from the start, at 0")
                .hasSize(6)
                .allMatch(one -> one.value == 0);
        CountDownLatch gate = new CountDownLatch(1);
        try {
            eachOutcomeOnce();
            TaskId running = running(gate);
            client.enqueue(DurableTaskRequest.builder(UNKNOWN, new Job("waits"))
                    .at(Instant.now().minusSeconds(3600))
                    .build());

            await().untilAsserted(() -> {
                assertTasks("unknown", "queued", 1);
                assertTasks("job", "running", 1);
            });
            assertTasks("job", "queued", 0);
            assertTasks("job", "dead_letter", 1);
            assertTasks("job", "lost", 1);
            assertThat(value("taskmanager_durable_oldest_seconds", Map.of())).isEqualTo(3600, within(120.0));
            assertThat(value("taskmanager_durable_running", Map.of())).isEqualTo(1);
            for (String outcome : List.of("succeeded", "failed", "retried", "dead_letter", "lost", "superseded")) {
                assertThat(value("taskmanager_durable_outcomes_total", Map.of("type", "job", "outcome", outcome)))
                        .as(outcome)
                        .isEqualTo(1);
            }
            assertThat(client.find(running).orElseThrow().state()).isEqualTo(DurableTaskState.RUNNING);
            assertPageSaysIt();
        } finally {
            gate.countDown();
        }
    }

    private void eachOutcomeOnce() {
        awaitState(client.queueTask(Work.JOB, new Job("a")), DurableTaskState.SUCCEEDED);
        script.behaviour = (context, job) -> {
            throw new IOException("no disk");
        };
        awaitState(client.queueTaskOnce(Work.JOB, new Job("a")), DurableTaskState.FAILED);
        awaitState(
                client.enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                        .maxRetries(1)
                        .build()),
                DurableTaskState.DEAD_LETTER);
        lost();
        superseded();
    }

    /** As a node leaves it that dies after the task's begin. */
    private void lost() {
        TaskId id = client.enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                .once()
                .at(Instant.now().plusSeconds(3600))
                .build());
        jdbc.update(
                "update taskmanager_queue set picked = true, started = true, picked_by = 'dead', last_heartbeat = ?,"
                        + " execution_time = ? where task_instance = ?",
                Timestamp.from(Instant.now().minusSeconds(60)),
                Timestamp.from(Instant.now().minusSeconds(60)),
                id.toString());
        awaitState(id, DurableTaskState.LOST);
    }

    /** As another node does it that takes the task over. */
    private void superseded() {
        CountDownLatch gate = new CountDownLatch(1);
        TaskId id = running(gate);
        jdbc.update("delete from taskmanager_queue where task_instance = ?", id.toString());
        gate.countDown();
        await().until(() -> node.runningTasks() == 0);
    }

    private TaskId running(CountDownLatch gate) {
        script.behaviour = (context, job) -> {
            gate.await();
            return null;
        };
        TaskId id = client.queueTask(Work.JOB, new Job("a"));
        awaitState(id, DurableTaskState.RUNNING);
        await().until(() -> node.runningTasks() == 1);
        return id;
    }

    private void awaitState(TaskId id, DurableTaskState state) {
        await().until(() -> client.find(id).orElseThrow().state(), now -> now == state);
    }

    private void assertPageSaysIt() throws IOException {
        String page = Files.readString(PAGE);
        List<Row> rows = ROW.matcher(page).results().map(Row::of).toList();
        List<Series> scraped = scrape();
        Set<String> names = scraped.stream().map(Series::name).collect(Collectors.toCollection(TreeSet::new));

        assertThat(rows.stream().flatMap(row -> row.series.stream())).containsExactlyInAnyOrderElementsOf(names);
        assertThat(NAME.matcher(page).results().map(MatchResult::group)).isSubsetOf(names);
        for (Row row : rows) {
            for (String name : row.series) {
                assertThat(labels(scraped, name).keySet()).as(name).isEqualTo(row.labels.keySet());
                row.labels.forEach((key, values) -> {
                    if (!values.isEmpty()) {
                        assertThat(labels(scraped, name).get(key)).as(name).isEqualTo(values);
                    }
                });
            }
        }
    }

    private static Map<String, Set<String>> labels(List<Series> scraped, String name) {
        Map<String, Set<String>> labels = new TreeMap<>();
        scraped.stream()
                .filter(one -> one.name.equals(name))
                .forEach(one -> one.labels.forEach((key, value) ->
                        labels.computeIfAbsent(key, unused -> new TreeSet<>()).add(value)));
        return labels;
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell).results().map(quoted -> quoted.group(1)).toList();
    }

    private void assertTasks(String type, String state, int count) {
        assertThat(value("taskmanager_durable_tasks", Map.of("type", type, "state", state)))
                .as(type + " " + state)
                .isEqualTo(count);
    }

    private double value(String name, Map<String, String> labels) {
        List<Series> found = scrape().stream()
                .filter(one -> one.name.equals(name) && one.labels.equals(labels))
                .toList();
        assertThat(found).as(name + labels).hasSize(1);
        return found.get(0).value;
    }

    private List<Series> scrape() {
        String text = HttpBody.of(http.get().uri("/actuator/prometheus").exchange(), 200);
        return SERIES.matcher(text).results().map(Series::of).toList();
    }
}

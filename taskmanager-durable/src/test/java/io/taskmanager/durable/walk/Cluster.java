package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.testkit.App;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Nodes on one database, each in a process of its own; what queues is in the test's, and runs none. */
final class Cluster implements AutoCloseable {

    /** Nodes that nobody takes for dead in a test, however busy the machine is. */
    static final String[] PATIENT = {
        "taskmanager.durable.heartbeat-interval=10s", "taskmanager.durable.missed-heartbeats-limit=6"
    };

    private final String url;
    private final Path folder;
    private final Gates gates;
    private final App app;
    private final List<Node> nodes = new ArrayList<>();

    /** @param url of a database with the tables */
    Cluster(String url, Path folder) {
        this.url = url;
        this.folder = folder;
        this.gates = new Gates(folder);
        Audit.createTable(url);
        this.app = App.start(
                NodeMain.class,
                url,
                "taskmanager.durable.worker.enabled=false",
                "walk.folder=" + folder,
                "spring.datasource.hikari.connection-timeout=5000");
    }

    /** Starts a node that is soon taken for dead; does not wait until it is up. */
    Node start(String... properties) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.concat(usual(), Stream.of(properties)).forEach(property -> {
            String[] parts = property.split("=", 2);
            all.put(parts[0], parts[1]);
        });
        List<String> list = all.entrySet().stream()
                .map(property -> property.getKey() + "=" + property.getValue())
                .toList();
        Node node = Node.start(folder.resolve("node-" + nodes.size() + ".log"), list);
        nodes.add(node);
        return node;
    }

    private Stream<String> usual() {
        return Stream.of(
                "spring.datasource.url=" + url,
                "spring.datasource.hikari.connection-timeout=2000",
                "spring.main.banner-mode=off",
                "walk.folder=" + folder,
                "taskmanager.managers.work.worker-count=4",
                "taskmanager.managers.work.max-worker-count=4",
                "taskmanager.durable.enabled=true",
                "taskmanager.durable.polling-interval=100ms",
                "taskmanager.durable.heartbeat-interval=500ms",
                "taskmanager.durable.missed-heartbeats-limit=4",
                "taskmanager.durable.retry.backoff.initial=10ms",
                "taskmanager.durable.retry.backoff.max=50ms");
    }

    /** A node in this process, where none is to die. */
    App startHere(String... properties) {
        return App.start(
                NodeMain.class,
                url,
                Stream.concat(Stream.of("walk.folder=" + folder), Stream.of(properties))
                        .toArray(String[]::new));
    }

    DurableTaskClient client() {
        return app.client();
    }

    List<TaskId> queue(int count, Step step) {
        return queue(Collections.nCopies(
                count, DurableTaskRequest.builder(Step.STEP, step).build()));
    }

    List<TaskId> queueOnce(int count, Step step) {
        return queue(Collections.nCopies(
                count, DurableTaskRequest.builder(Step.STEP, step).once().build()));
    }

    private List<TaskId> queue(List<DurableTaskRequest<Step>> requests) {
        return new ArrayList<>(client().enqueueAll(requests));
    }

    JdbcTemplate jdbc() {
        return app.jdbc();
    }

    Path folder() {
        return folder;
    }

    void open(String gate, int delivery) {
        gates.open(gate, delivery);
    }

    DurableTask task(TaskId id) {
        return app.task(id);
    }

    static ConditionFactory await() {
        return await("");
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(Node.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }

    DurableTask await(TaskId id, DurableTaskState state) {
        return await().until(() -> task(id), task -> task.state() == state);
    }

    void await(List<TaskId> ids, DurableTaskState state) {
        ids.forEach(id -> await(id, state));
    }

    /** One start of a task. */
    record Start(int delivery, long node) {}

    List<Start> starts(TaskId id) {
        return jdbc().query(
                        "select delivery, node from audit where task_instance = ? order by delivery",
                        (row, number) -> new Start(row.getInt(1), row.getLong(2)),
                        id.toString());
    }

    /** Waits until each of them has started there, and so is in flight if it has no end there. */
    void awaitStart(List<TaskId> ids, int delivery, Node node) {
        ids.forEach(id -> await().until(() -> starts(id).contains(new Start(delivery, node.pid()))));
    }

    /** That it has started only there, and ended there. */
    void assertDoneOnce(TaskId id, Node node) {
        await(id, DurableTaskState.SUCCEEDED);
        assertThat(starts(id)).containsExactly(new Start(1, node.pid()));
        assertThat(task(id).node()).endsWith(":" + node.pid());
    }

    /** In the queue, with what waits and what runs. */
    int queued() {
        Integer rows = jdbc().queryForObject("select count(*) from taskmanager_queue", Integer.class);
        return rows == null ? 0 : rows;
    }

    /** Ends all processes, in whatever state they are. */
    @Override
    public void close() {
        nodes.forEach(Node::close);
        app.close();
    }
}

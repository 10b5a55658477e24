package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.walk.Step.Done;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rounds of random tasks of all four forms on two or three nodes, of which some die, freeze or stop, on a database that may be
 * restarted. Nodes that are left go on in the next round.
 */
final class Walk {

    enum Fault {
        KILL,
        FREEZE,
        TERMINATE,
        RESTART
    }

    private static final int LONGEST_PAUSE = 1500;

    private final Cluster cluster;
    private final @Nullable Postgres postgres;
    private final long seed;
    private final JsonMapper json = new JsonMapper();

    private final List<Node> alive = new ArrayList<>();
    private final List<Node> frozen = new ArrayList<>();
    private final List<Queued> queued = new ArrayList<>();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

    private Random random = new Random();

    /** @param postgres null on a database that is not restarted, and does not end sessions that are idle in a transaction */
    Walk(Cluster cluster, @Nullable Postgres postgres, long seed) {
        this.cluster = cluster;
        this.postgres = postgres;
        this.seed = seed;
    }

    private record Queued(TaskId id, boolean once, Step step, int round) {}

    void round(int number) throws Exception {
        random = new Random(seed * 1_000_003 + number);
        alive.removeIf(node -> !node.isAlive());
        int wanted = 2 + random.nextInt(2);
        while (alive.size() < wanted) {
            alive.add(start());
        }
        int tasks = 40 + random.nextInt(61);
        int events = 1 + random.nextInt(2);
        queue(number, 0, tasks / (events + 1));
        for (int event = 1; event <= events; event++) {
            awaitAnotherStart();
            strike();
            queue(number, event, tasks / (events + 1));
        }
        thaw();
        awaitEmptyQueue();
        check(queued.stream().filter(task -> task.round == number).toList());
    }

    /** Soon taken for dead, and now and then without being so. */
    private Node start() {
        return cluster.start("taskmanager.durable.heartbeat-interval=200ms");
    }

    /** Keys let it be tried again when it is not known whether it was committed. */
    private void queue(int round, int part, int count) {
        List<DurableTaskRequest<Step>> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(request(round + "-" + part + "-" + i));
        }
        List<TaskId> ids = new ArrayList<>();
        Cluster.await().ignoreExceptionsMatching(Walk::isOutage).untilAsserted(() -> {
            ids.clear();
            if (part % 2 == 0) {
                ids.addAll(cluster.client().enqueueAll(requests));
            } else {
                requests.forEach(request -> ids.add(cluster.client().enqueue(request)));
            }
        });
        for (int i = 0; i < count; i++) {
            DurableTaskRequest<Step> request = requests.get(i);
            queued.add(new Queued(ids.get(i), request.once(), request.payload(), round));
        }
    }

    private static boolean isOutage(Throwable e) {
        return e instanceof DataAccessException || e instanceof TransactionException;
    }

    private DurableTaskRequest<Step> request(String key) {
        DurableTaskRequest.Builder<Step> request =
                DurableTaskRequest.builder(Step.STEP, step()).key(key);
        if (random.nextBoolean()) {
            request.once();
        } else {
            request.maxRetries(2);
        }
        if (random.nextInt(3) == 0) {
            request.priority();
        }
        if (random.nextInt(10) == 0) {
            request.delay(Duration.ofMillis(random.nextInt(500)));
        }
        return request.build();
    }

    private Step step() {
        long millis = random.nextInt(3) == 0 ? random.nextInt(200) : 0;
        int failures = switch (random.nextInt(20)) {
            case 0 -> Step.FOR_EVER;
            case 1, 2 -> 1 + random.nextInt(2);
            default -> 0;
        };
        return new Step(null, millis, failures);
    }

    /** Of the tasks queued last, if the round has not got to its end yet: then there is something in flight, most likely. */
    private void awaitAnotherStart() {
        int before = starts();
        Cluster.await().ignoreExceptionsMatching(Walk::isOutage).until(() -> {
            restartTheLast();
            return starts() > before || cluster.queued() == 0;
        });
    }

    private int starts() {
        Integer rows = cluster.jdbc().queryForObject("select count(*) from audit", Integer.class);
        return rows == null ? 0 : rows;
    }

    private void strike() throws InterruptedException {
        Fault fault = fault();
        faults.merge(fault, 1, Integer::sum);
        switch (fault) {
            case KILL -> gone().kill();
            case TERMINATE -> gone().terminate();
            case FREEZE -> {
                Node node = alive.remove(random.nextInt(alive.size()));
                node.freeze();
                frozen.add(node);
            }
            case RESTART -> {
                postgres.stop();
                Thread.sleep(random.nextInt(LONGEST_PAUSE));
                postgres.start();
            }
        }
        restartTheLast();
    }

    /** As a supervisor would: a node that starts while the database is away ends, and that may be the last one. */
    private void restartTheLast() {
        alive.removeIf(node -> !node.isAlive());
        if (alive.isEmpty()) {
            alive.add(start());
        }
    }

    private Fault fault() {
        int choice = random.nextInt(10);
        if (choice < 4) {
            return Fault.FREEZE;
        }
        if (choice < 7) {
            return Fault.KILL;
        }
        return choice < 8 || postgres == null ? Fault.TERMINATE : Fault.RESTART;
    }

    private Node gone() {
        return alive.remove(random.nextInt(alive.size()));
    }

    /** After all has been taken over and done, or after a pause that is shorter or longer than it takes to be taken for dead. */
    private void thaw() throws InterruptedException {
        if (frozen.isEmpty()) {
            return;
        }
        if (postgres != null && random.nextBoolean()) {
            awaitEmptyQueue();
        } else {
            Thread.sleep(random.nextInt(LONGEST_PAUSE));
        }
        frozen.forEach(Node::thaw);
        alive.addAll(frozen);
        frozen.clear();
    }

    private void awaitEmptyQueue() {
        Cluster.await("seed " + seed + ": the queue is never empty")
                .ignoreExceptionsMatching(Walk::isOutage)
                .until(() -> {
                    restartTheLast();
                    return cluster.queued() == 0;
                });
    }

    private record Ended(
            DurableTaskState state,
            int deliveries,
            @Nullable String result) {}

    /** All of them again, with what may have started since. */
    void check() {
        check(queued);
    }

    private void check(List<Queued> tasks) {
        Map<String, Ended> ended = new HashMap<>();
        cluster.jdbc().query("select * from taskmanager_history", row -> {
            ended.put(
                    row.getString("task_instance"),
                    new Ended(
                            DurableTaskState.valueOf(row.getString("state")),
                            row.getInt("deliveries"),
                            row.getBytes("result") == null
                                    ? null
                                    : new String(row.getBytes("result"), StandardCharsets.UTF_8)));
        });
        Map<String, List<Cluster.Start>> started = new HashMap<>();
        cluster.jdbc().query("select * from audit", row -> {
            started.computeIfAbsent(row.getString("task_instance"), id -> new ArrayList<>())
                    .add(new Cluster.Start(row.getInt("delivery"), row.getLong("node")));
        });
        for (Queued task : tasks) {
            Ended end = ended.get(task.id.toString());
            List<Cluster.Start> starts = started.getOrDefault(task.id.toString(), List.of());
            String description = "seed " + seed + ", " + task + ", " + end + ", " + starts;
            assertThat(end).as(description).isNotNull();
            if (task.once) {
                checkOnce(description, task.step, end, starts);
            } else {
                checkAgain(description, task.step, end, starts);
            }
        }
    }

    private void checkOnce(String description, Step step, Ended end, List<Cluster.Start> starts) {
        assertThat(starts).as(description).hasSizeLessThan(2);
        DurableTaskState unlessLost = step.failures() > 0 ? DurableTaskState.FAILED : DurableTaskState.SUCCEEDED;
        assertThat(end.state).as(description).isIn(Set.of(unlessLost, DurableTaskState.LOST));
        if (end.state != DurableTaskState.LOST) {
            assertThat(starts).as(description).hasSize(1);
        }
    }

    /** What has the last say is the last delivery, each of which is one start. */
    private void checkAgain(String description, Step step, Ended end, List<Cluster.Start> starts) {
        List<Integer> deliveries = starts.stream().map(Cluster.Start::delivery).toList();
        assertThat(deliveries).as(description).doesNotHaveDuplicates().contains(end.deliveries);
        assertThat(deliveries)
                .as(description)
                .allSatisfy(delivery -> assertThat(delivery).isLessThanOrEqualTo(end.deliveries));
        if (step.failures() == Step.FOR_EVER) {
            assertThat(end.state).as(description).isEqualTo(DurableTaskState.DEAD_LETTER);
            return;
        }
        assertThat(end.state).as(description).isEqualTo(DurableTaskState.SUCCEEDED);
        Done done = json.readValue(end.result, Done.class);
        assertThat(starts).as(description).contains(new Cluster.Start(done.delivery(), done.node()));
        assertThat(done.delivery()).as(description).isEqualTo(end.deliveries);
    }

    /** Figures. */
    @Override
    public String toString() {
        Integer lost = cluster.jdbc()
                .queryForObject("select count(*) from taskmanager_history where state = 'LOST'", Integer.class);
        return "seed " + seed + ": " + queued.size() + " tasks, " + starts() + " starts, " + lost + " lost, faults "
                + faults;
    }
}

package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.walk.Cluster.Start;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What is promised when locks are kept, connections are scarce, or the database is away. */
@Timeout(300)
class DatabaseFaultTests {

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    /** Frozen for good, with a row locked that it has just queued again. */
    @Test
    void aNodeThatFreezesInItsCommitDoesNotKeepItsTasksFromOthers() {
        try (Cluster cluster = new Cluster(Database.POSTGRESQL.create(), folder)) {
            Node frozen = cluster.start().awaitReady();
            List<TaskId> ids = cluster.queue(3, new Step("gate", 0, 1));
            cluster.awaitStart(ids, 1, frozen);
            Node other = cluster.start().awaitReady();
            cluster.open("gate", 2);

            Trap.set(folder, frozen, "STOP", Trap.COMMIT);
            cluster.open("gate", 1);
            frozen.awaitFrozen();

            cluster.await(ids, DurableTaskState.SUCCEEDED);
            ids.forEach(id -> assertThat(cluster.starts(id))
                    .containsExactly(new Start(1, frozen.pid()), new Start(2, other.pid())));
        }
    }

    /** By somebody whose session nothing ends. What died first is looked at first. */
    @Test
    void aRowThatIsLockedForGoodDoesNotKeepTheOthersFromBeingTakenOver() throws Exception {
        String url = Database.POSTGRESQL.create();
        try (Cluster cluster = new Cluster(url, folder);
                Connection locker = DriverManager.getConnection(url)) {
            Node killed = cluster.start().awaitReady();
            TaskId locked = cluster.queue(1, Step.at("gate")).get(0);
            cluster.awaitStart(List.of(locked), 1, killed);
            locker.setAutoCommit(false);
            locker.createStatement()
                    .execute("select 1 from taskmanager_queue where task_instance = '" + locked + "' for update");
            TaskId later = cluster.queue(1, Step.at("gate")).get(0);
            cluster.awaitStart(List.of(later), 1, killed);
            killed.kill();
            cluster.open("gate", 2);

            cluster.start();

            cluster.await(later, DurableTaskState.SUCCEEDED);
            assertThat(cluster.task(locked).state()).isEqualTo(DurableTaskState.RUNNING);
            locker.rollback();
            cluster.await(locked, DurableTaskState.SUCCEEDED);
        }
    }

    /** Shorter than nodes are taken for dead. What ends meanwhile is written when the database is back. */
    @Test
    void aRestartOfTheDatabaseLosesNothingAndRunsNothingTwice() {
        try (Postgres postgres = new Postgres(folder.resolve("data"));
                Cluster cluster = new Cluster(postgres.url(), folder)) {
            List<Node> nodes = List.of(cluster.start(Cluster.PATIENT), cluster.start(Cluster.PATIENT));
            nodes.forEach(Node::awaitReady);
            List<TaskId> ids = cluster.queue(5, Step.at("gate"));
            ids.addAll(cluster.queueOnce(3, Step.at("gate")));
            ids.forEach(id -> Cluster.await().until(() -> cluster.starts(id), starts -> !starts.isEmpty()));
            ids.addAll(cluster.queue(5, Step.quick()));
            ids.addAll(cluster.queueOnce(5, Step.quick()));

            postgres.stop();
            cluster.open("gate", 1);
            nodes.forEach(node -> node.awaitLine("can't be written now"));
            postgres.start();

            cluster.await(ids, DurableTaskState.SUCCEEDED);
            ids.forEach(id -> assertThat(cluster.starts(id)).hasSize(1));
            assertThat(cluster.queued()).isZero();
        }
    }

    @Test
    void aPoolSmallerThanTheConcurrencyIsEnough() {
        try (Cluster cluster = new Cluster(Database.POSTGRESQL.create(), folder)) {
            String[] small = {
                Cluster.PATIENT[0],
                Cluster.PATIENT[1],
                "spring.datasource.hikari.maximum-pool-size=2",
                "taskmanager.managers.work.worker-count=16",
                "taskmanager.managers.work.max-worker-count=16"
            };
            Node node = cluster.start(small).awaitReady();
            List<TaskId> together = cluster.queueOnce(16, Step.at("gate"));
            cluster.awaitStart(together, 1, node);
            cluster.start(small).awaitReady();
            cluster.open("gate", 1);
            List<TaskId> more = cluster.queue(200, Step.quick());
            more.addAll(cluster.queueOnce(200, Step.quick()));

            together.forEach(id -> cluster.assertDoneOnce(id, node));
            cluster.await(more, DurableTaskState.SUCCEEDED);
        }
    }

    /** A file that the node alone has open, and {@code WRITE_DELAY=0}. */
    @Test
    void whatH2HasAcknowledgedIsThereAfterAKill() {
        String url = "jdbc:h2:file:" + folder.resolve("database") + ";WRITE_DELAY=0;USER=sa";
        List<TaskId> acknowledged = new ArrayList<>();
        List<String> properties = List.of(
                "spring.datasource.url=" + url,
                "spring.main.banner-mode=off",
                "walk.folder=" + folder,
                "walk.producer=true",
                "taskmanager.durable.enabled=true",
                "taskmanager.durable.worker.enabled=false");
        for (int kill = 0; kill < 2; kill++) {
            try (Node node = Node.start(folder.resolve("producer-" + kill + ".log"), properties)) {
                Cluster.await().until(() -> acknowledged(node).size() > 100);
                node.kill();
                acknowledged.addAll(acknowledged(node));
            }
        }

        try (App app =
                App.start(NodeMain.class, url, "walk.folder=" + folder, "taskmanager.durable.worker.enabled=false")) {
            assertThat(acknowledged)
                    .isNotEmpty()
                    .allSatisfy(id -> assertThat(app.task(id).state()).isEqualTo(DurableTaskState.QUEUED));
        }
    }

    /** The last line may not be whole. */
    private static List<TaskId> acknowledged(Node node) {
        return node.lines().stream()
                .filter(line -> line.startsWith(NodeMain.ACKNOWLEDGED))
                .map(line -> line.substring(NodeMain.ACKNOWLEDGED.length()))
                .filter(id -> id.length() == 36)
                .map(TaskId::of)
                .toList();
    }
}

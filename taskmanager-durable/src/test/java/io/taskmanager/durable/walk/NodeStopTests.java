package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.walk.Cluster.Start;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What is promised when a node is told to stop. */
@Timeout(300)
class NodeStopTests {

    private Cluster cluster;

    @BeforeEach
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        cluster = new Cluster(Database.POSTGRESQL.create(), folder);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aNodeThatStopsFinishesWhatItRunsAndLeavesToOthersWhatWaits() {
        Node stopped = cluster.start(Cluster.PATIENT).awaitReady();
        List<TaskId> running = cluster.queue(2, Step.at("gate"));
        running.addAll(cluster.queueOnce(2, Step.at("gate")));
        cluster.awaitStart(running, 1, stopped);
        List<TaskId> waiting = cluster.queue(2, Step.quick());
        waiting.addAll(cluster.queueOnce(2, Step.quick()));

        stopped.terminate();
        stopped.awaitLine("Shutting down Scheduler");
        cluster.open("gate", 1);
        stopped.awaitEnd();

        running.forEach(id -> cluster.assertDoneOnce(id, stopped));
        waiting.forEach(id -> assertThat(cluster.task(id).state()).isEqualTo(DurableTaskState.QUEUED));
        Node other = cluster.start(Cluster.PATIENT);
        waiting.forEach(id -> cluster.assertDoneOnce(id, other));
    }

    @Test
    void aNodeThatCannotWaitForWhatItRunsGivesItBackAtOnce() {
        Node stopped = cluster.start(
                        "spring.lifecycle.timeout-per-shutdown-phase=4s", Cluster.PATIENT[0], Cluster.PATIENT[1])
                .awaitReady();
        TaskId again = cluster.queue(1, Step.at("gate")).get(0);
        TaskId once = cluster.queueOnce(1, Step.at("gate")).get(0);
        cluster.awaitStart(List.of(again, once), 1, stopped);

        stopped.terminate();
        stopped.awaitEnd();

        assertThat(cluster.task(again).state()).isEqualTo(DurableTaskState.QUEUED);
        assertThat(cluster.task(once).state()).isEqualTo(DurableTaskState.FAILED);
        cluster.open("gate", 2);
        Node other = cluster.start(Cluster.PATIENT);
        cluster.await(again, DurableTaskState.SUCCEEDED);
        assertThat(cluster.starts(again)).containsExactly(new Start(1, stopped.pid()), new Start(2, other.pid()));
    }
}

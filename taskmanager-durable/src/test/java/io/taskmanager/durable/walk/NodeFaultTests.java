package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.walk.Cluster.Start;
import io.taskmanager.durable.walk.Step.Done;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is promised when a node dies or freezes, with nodes that are processes, on each database. */
@ParameterizedClass
@MethodSource("io.taskmanager.durable.walk.Shared#here")
@Timeout(300)
class NodeFaultTests {

    private final Shared database;

    private Cluster cluster;

    NodeFaultTests(Shared database) {
        this.database = database;
    }

    @BeforeEach
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
        cluster = new Cluster(database.create(folder), folder);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatANodeHasWhenItIsKilledIsRunByAnotherOrLostAsItWasQueued() throws Exception {
        Node killed = cluster.start().awaitReady();
        List<TaskId> again = cluster.queue(2, Step.at("gate"));
        List<TaskId> never = cluster.queueOnce(2, Step.at("gate"));
        cluster.awaitStart(again, 1, killed);
        cluster.awaitStart(never, 1, killed);
        List<TaskId> waiting = cluster.queue(4, Step.quick());
        List<TaskId> waitingOnce = cluster.queueOnce(4, Step.quick());

        killed.kill();
        cluster.open("gate", 2);
        Node other = cluster.start();

        for (TaskId id : again) {
            assertThat(cluster.client().await(id, Step.STEP, Node.PATIENCE)).isEqualTo(new Done(other.pid(), 2));
            assertThat(cluster.starts(id)).containsExactly(new Start(1, killed.pid()), new Start(2, other.pid()));
        }
        for (TaskId id : never) {
            DurableTask task = cluster.await(id, DurableTaskState.LOST);
            assertThat(task.node()).endsWith(":" + killed.pid());
            assertThat(cluster.starts(id)).containsExactly(new Start(1, killed.pid()));
        }
        waiting.forEach(id -> cluster.assertDoneOnce(id, other));
        waitingOnce.forEach(id -> cluster.assertDoneOnce(id, other));
        assertThat(cluster.queued()).isZero();

        TaskId redriven = never.get(0);
        assertThat(cluster.client().redrive(redriven)).isTrue();
        cluster.await(redriven, DurableTaskState.SUCCEEDED);
        assertThat(cluster.starts(redriven)).containsExactly(new Start(1, killed.pid()), new Start(2, other.pid()));
    }

    @Test
    void whatANodeEndsAfterItWasTakenForDeadIsNotWritten() throws Exception {
        Node frozen = cluster.start().awaitReady();
        TaskId again = cluster.queue(1, Step.at("gate")).get(0);
        TaskId once = cluster.queueOnce(1, Step.at("gate")).get(0);
        cluster.awaitStart(List.of(again, once), 1, frozen);
        Node other = cluster.start().awaitReady();

        frozen.freeze();
        cluster.awaitStart(List.of(again), 2, other);
        cluster.await(once, DurableTaskState.LOST);
        cluster.open("gate", 1);
        frozen.thaw();
        frozen.awaitLine("Task " + again + " is not this node's any more");
        frozen.awaitLine("Task " + once + " is not this node's any more");

        assertThat(cluster.task(again).state()).isEqualTo(DurableTaskState.RUNNING);
        assertThat(cluster.task(again).node()).endsWith(":" + other.pid());
        cluster.open("gate", 2);
        assertThat(cluster.client().await(again, Step.STEP, Node.PATIENCE)).isEqualTo(new Done(other.pid(), 2));
        assertThat(cluster.task(once).state()).isEqualTo(DurableTaskState.LOST);
        assertThat(cluster.starts(once)).containsExactly(new Start(1, frozen.pid()));
    }

    /** Frozen when it has picked the task, and has not noted yet that it begins. */
    @Test
    void aTaskThatANodeWasAboutToBeginIsNotBegunThereOnceAnotherHasIt() {
        Node frozen = cluster.start().awaitReady();
        Trap.set(cluster.folder(), frozen, "STOP", "update taskmanager_queue set started");
        TaskId once = cluster.queueOnce(1, Step.at("gate")).get(0);
        frozen.awaitFrozen();
        Node other = cluster.start();
        cluster.awaitStart(List.of(once), 1, other);

        frozen.thaw();
        frozen.awaitLine("Task " + once + " was taken over by another node before it began here");
        cluster.open("gate", 1);

        cluster.assertDoneOnce(once, other);
    }
}

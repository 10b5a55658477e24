package io.taskmanager.durable.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.walk.Grown.After;
import io.taskmanager.durable.walk.Grown.Before;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is promised of nodes that live side by side: the same recurring tasks, older versions, other managers. */
@ParameterizedClass
@MethodSource("io.taskmanager.durable.walk.Shared#here")
@Timeout(300)
class SeveralNodesTests {

    private static final String[] OTHER = {
        "walk.other=true", "taskmanager.managers.other.worker-count=2", "taskmanager.managers.other.max-worker-count=2"
    };

    private final Shared database;

    private Cluster cluster;

    SeveralNodesTests(Shared database) {
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

    /** One of the nodes dies after it has queued the task of some time, and before it has noted that. */
    @Test
    void aRecurringTaskIsQueuedOnceForEachOfItsTimes() {
        String often = "walk.cron=0/2 * * * * *";
        Node killed = cluster.start(often).awaitReady();
        Cluster.await().until(() -> times().size() >= 1);
        Trap.set(cluster.folder(), killed, "KILL", "update taskmanager_recurring set execution_time");
        killed.awaitEnd();
        int before = times().size();
        cluster.start(often);
        cluster.start(often);

        Cluster.await().until(() -> times().size() >= before + 2);

        assertThat(times())
                .doesNotHaveDuplicates()
                .allSatisfy(time -> assertThat(time).isEqualTo(time.truncatedTo(ChronoUnit.SECONDS)));
    }

    /** Of the tasks queued so far. */
    private List<Instant> times() {
        return cluster.jdbc()
                .query(
                        "select task_key from taskmanager_keys",
                        (row, number) -> Instant.parse(row.getString(1).replaceFirst("recurring tick ", "")));
    }

    @Test
    void aNodeLeavesTasksOfATypeThatItDoesNotKnowToThoseThatDo() throws Exception {
        Node old = cluster.start().awaitReady();
        TaskId unknown = cluster.client().queueTask(Step.OTHER, Step.quick());
        List<TaskId> known = cluster.queue(20, Step.quick());
        known.forEach(id -> cluster.assertDoneOnce(id, old));
        assertThat(cluster.task(unknown).state()).isEqualTo(DurableTaskState.QUEUED);

        Node newer = cluster.start(OTHER);

        cluster.assertDoneOnce(unknown, newer);
    }

    @Test
    void aPayloadThatHasGrownAFieldIsReadByBothVersions() throws Exception {
        for (String version : List.of("before", "after")) {
            try (App node = cluster.startHere("walk.grown=" + version)) {
                TaskId before = cluster.client().queueTask(Grown.BEFORE, new Before("a"));
                TaskId after = cluster.client().queueTask(Grown.AFTER, new After("a", "b"));

                assertThat(List.of(await(before), await(after)))
                        .isEqualTo(
                                version.equals("before")
                                        ? List.of("before: a", "before: a")
                                        : List.of("after: a null", "after: a b"));
            }
        }
    }

    private String await(TaskId id) throws InterruptedException {
        return cluster.client().await(id, Grown.AFTER, Node.PATIENCE);
    }

    /** Not those that run, nor those that wait, nor those of its priority lane. */
    @Test
    void tasksOfAnotherManagerDoNotKeepAManagerFromItsOwn() {
        List<TaskId> others = cluster.client()
                .enqueueAll(Collections.nCopies(
                        500,
                        DurableTaskRequest.builder(Step.OTHER, Step.at("gate"))
                                .priority()
                                .build()));
        Node node = cluster.start(OTHER);
        List<TaskId> own = new ArrayList<>(cluster.queue(20, Step.quick()));
        own.addAll(cluster.client()
                .enqueueAll(Collections.nCopies(
                        20,
                        DurableTaskRequest.builder(Step.STEP, Step.quick())
                                .delay(Duration.ofMillis(200))
                                .build())));

        own.forEach(id -> cluster.assertDoneOnce(id, node));
        assertThat(cluster.queued()).isEqualTo(others.size());
    }
}

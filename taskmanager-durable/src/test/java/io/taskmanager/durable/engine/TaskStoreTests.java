package io.taskmanager.durable.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.engine.Outcome.Ended;
import io.taskmanager.durable.engine.Outcome.Picked;
import io.taskmanager.durable.engine.Outcome.Requeued;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;

/** The statements, one by one, without a node. */
@ParameterizedClass
@EachDatabase
class TaskStoreTests {

    private static final TaskData.Header PLAIN =
            new TaskData.Header(null, false, null, null, 0, 0, null, null, null, null);

    private final App app;
    private final TaskStore store;

    TaskStoreTests(Database database) {
        app = App.start(database.create(), "taskmanager.durable.worker.enabled=false");
        store = app.bean(TaskStore.class);
    }

    @AfterEach
    void close() {
        app.close();
    }

    private Picked picked(TaskId id, long version) {
        return new Picked("job", id.toString(), version, Instant.now(), TaskStore.MAIN, 0);
    }

    private static Ended ended(Picked picked) {
        return new Ended(
                picked, DurableTaskState.SUCCEEDED, PLAIN, 1, Instant.now(), Instant.now(), "node", null, null, null);
    }

    private TaskId queue() {
        return app.client().queueTask(Work.JOB, new Job("a"));
    }

    @Test
    void anOutcomeIsWrittenOnlyForTheVersionThatWasPicked() {
        TaskId ours = queue();
        TaskId others = queue();
        TaskId back = queue();
        byte[] data =
                new Json(new tools.jackson.databind.json.JsonMapper(), 1000).write(new TaskData(PLAIN, new byte[0]));

        boolean[] written = store.apply(List.of(
                ended(picked(others, 7)),
                new Requeued(picked(others, 7), Instant.now(), 1, null, data),
                ended(picked(ours, 1)),
                new Requeued(picked(back, 1), Instant.now().plusSeconds(3600), 1, Instant.now(), data)));

        assertThat(written).containsExactly(false, false, true, true);
        assertThat(app.task(ours).state()).isEqualTo(DurableTaskState.SUCCEEDED);
        assertThat(app.task(others).state()).isEqualTo(DurableTaskState.QUEUED);
        assertThat(app.task(back).dueAt()).isAfter(Instant.now().plusSeconds(3000));
        assertThat(store.apply(List.of(ended(picked(back, 1))))).containsExactly(false);
        assertThat(store.apply(List.of(ended(picked(back, 2))))).containsExactly(true);
    }

    /** Many, as a driver may send them in several messages. */
    @ParameterizedTest
    @ValueSource(ints = {2, 50, 51, 1000})
    void outcomesAreWrittenAllOrNone(int count) {
        List<TaskId> ids =
                app.client().enqueueAll(Collections.nCopies(count, DurableTaskRequest.of(Work.JOB, new Job("a"))));
        List<Outcome> outcomes = new ArrayList<>();
        ids.forEach(id -> outcomes.add(ended(picked(id, 1))));
        Ended last = ended(picked(ids.get(count - 1), 1));
        outcomes.set(
                count - 1,
                new Ended(
                        last.picked(),
                        last.state(),
                        PLAIN,
                        1,
                        null,
                        last.finishedAt(),
                        "longer than its column ".repeat(10),
                        null,
                        null,
                        null));

        assertThatThrownBy(() -> store.apply(outcomes)).isInstanceOf(DataIntegrityViolationException.class);

        assertThat(app.jdbc().queryForObject("select count(*) from taskmanager_queue", Integer.class))
                .isEqualTo(count);
        assertThat(app.jdbc().queryForObject("select count(*) from taskmanager_history", Integer.class))
                .isZero();
    }

    @Test
    void whatRunsAtMostOnceAndHasStartedIsNotQueuedAgain() {
        TaskId id = app.client().queueTaskOnce(Work.JOB, new Job("a"));
        byte[] data = {'{', '}', '\n'};

        assertThat(store.start(picked(id, 2))).isFalse();
        assertThat(store.start(picked(id, 1))).isTrue();
        assertThat(store.start(picked(id, 1))).isTrue();

        assertThat(store.apply(List.of(new Requeued(picked(id, 1), Instant.now(), 0, null, data))))
                .containsExactly(false);
        assertThat(store.apply(List.of(ended(picked(id, 1))))).containsExactly(true);
    }

    @Test
    void deletesWithAgeByStateInBatchesAndTheirKeysWithThem() {
        List<TaskId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(app.client()
                    .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                            .key("k" + i)
                            .delay(Duration.ofHours(1))
                            .build()));
            app.client().cancel(ids.get(i));
        }
        Instant now = Instant.now().plusSeconds(1);

        assertThat(store.deleteEnded(DurableTaskState.SUCCEEDED, now, 2)).isZero();
        assertThat(store.deleteEnded(DurableTaskState.CANCELLED, now.minus(Duration.ofHours(1)), 2))
                .isZero();
        assertThat(store.deleteEnded(DurableTaskState.CANCELLED, now, 2)).isEqualTo(2);
        assertThat(store.deleteEnded(DurableTaskState.CANCELLED, now, 2)).isEqualTo(2);
        assertThat(store.deleteEnded(DurableTaskState.CANCELLED, now, 2)).isEqualTo(1);
        assertThat(ids).map(id -> app.client().find(id)).allMatch(java.util.Optional::isEmpty);
        assertThat(app.jdbc().queryForObject("select count(*) from taskmanager_keys", Integer.class))
                .isZero();
    }

    @Test
    void retentionDeletesWhatIsOlderAndSurvivesErrors() {
        TaskId id = queue();
        app.client().cancel(id);
        java.time.Clock later = java.time.Clock.offset(java.time.Clock.systemUTC(), Duration.ofHours(2));
        Map<DurableTaskState, Duration> hour = Map.of(DurableTaskState.CANCELLED, Duration.ofHours(1));

        new Retention(store, hour, java.time.Clock.systemUTC()).deleteOld();
        assertThat(app.client().find(id)).isPresent();
        new Retention(store, hour, later).deleteOld();
        assertThat(app.client().find(id)).isEmpty();

        app.jdbc().execute("drop table taskmanager_history");
        new Retention(store, hour, later).deleteOld();
    }

    @Test
    void countsByTypeAndState() {
        queue();
        queue();
        app.client().cancel(queue());

        assertThat(store.counts())
                .isEqualTo(Map.of("job", Map.of(DurableTaskState.QUEUED, 2L, DurableTaskState.CANCELLED, 1L)));
        assertThat(store.oldestDue(Set.of("job", "other"), Instant.now().plusSeconds(1)))
                .isPresent();
        assertThat(store.oldestDue(Set.of("job"), Instant.now().minusSeconds(100)))
                .isEmpty();
        assertThat(store.nodes()).isEmpty();
    }

    @Test
    void findTellsWhenATaskIsDue() {
        Instant at = Instant.parse("2031-05-06T07:08:09.123Z");
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                        .at(at)
                        .build());

        DurableTask task = app.task(id);
        assertThat(task.dueAt()).isEqualTo(at);
        assertThat(task.createdAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    }
}

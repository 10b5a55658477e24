package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that somebody has written over, on each database. */
@ParameterizedClass
@EachDatabase
class DamagedTaskTests {

    @Parameter
    Database database;

    private App app;

    @AfterEach
    void close() {
        app.close();
    }

    private TaskId damaged(String data) {
        TaskId id = app.client()
                .enqueue(DurableTaskRequest.builder(Work.JOB, new Job("a"))
                        .delay(Duration.ofHours(1))
                        .build());
        app.jdbc()
                .update(
                        "update taskmanager_queue set task_data = ? where task_instance = ?",
                        data.getBytes(StandardCharsets.UTF_8),
                        id.toString());
        return id;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null\n{}", "no JSON", "[1]\n{}", "{\"deliveries\":\"many\"}\n{}"})
    void isADeadLetterOnceItIsDue(String data) {
        app = App.start(database.create());
        TaskId id = damaged(data);
        assertThat(app.task(id).lastError()).isEqualTo(IllegalArgumentException.class.getName());

        app.jdbc().update("update taskmanager_queue set execution_time = ?", Timestamp.from(Instant.now()));

        DurableTask ended = app.await(id, DurableTaskState.DEAD_LETTER);
        assertThat(ended.lastError()).isEqualTo(IllegalArgumentException.class.getName());
        assertThat(ended.lastErrorMessage()).contains("data can't be read");
        assertThatThrownBy(() -> app.client().redrive(id)).hasMessageContaining("data can't be read");
        assertThat(app.task(id).state()).isEqualTo(DurableTaskState.DEAD_LETTER);
    }

    @Test
    void isADeadLetterOnceItsNodeHasDied() {
        app = App.start(
                database.create(),
                "taskmanager.durable.heartbeat-interval=100ms",
                "taskmanager.durable.missed-heartbeats-limit=4");
        TaskId id = damaged("no JSON");

        app.jdbc()
                .update(
                        "update taskmanager_queue set picked = ?, picked_by = 'dead', last_heartbeat = ?",
                        true,
                        Timestamp.from(Instant.now().minusSeconds(60)));

        app.await(id, DurableTaskState.DEAD_LETTER);
    }

    @Test
    void isListedAndCanBeCancelled() {
        app = App.start(database.create(), "taskmanager.durable.worker.enabled=false");
        TaskId id = damaged("no JSON");

        assertThat(app.client().list(new DurableTaskQuery(null, null, null, 10)).tasks())
                .map(DurableTask::id)
                .isEqualTo(List.of(id));
        assertThat(app.client().cancel(id)).isTrue();
        assertThat(app.task(id).state()).isEqualTo(DurableTaskState.CANCELLED);
    }
}

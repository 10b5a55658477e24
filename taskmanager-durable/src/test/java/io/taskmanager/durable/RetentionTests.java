package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;

/** What has ended is deleted with age. */
class RetentionTests {

    private static final List<DurableTaskState> BY_DAYS = List.of(
            DurableTaskState.SUCCEEDED,
            DurableTaskState.FAILED,
            DurableTaskState.DEAD_LETTER,
            DurableTaskState.LOST,
            DurableTaskState.CANCELLED);

    @ParameterizedTest
    @EachDatabase
    void aNodeDeletesEachStateByItsOwnSetting(Database database) {
        String url = database.create();
        try (App before = App.start(url, "taskmanager.durable.worker.enabled=false")) {
            for (DurableTaskState state : BY_DAYS) {
                Duration kept = Duration.ofDays(BY_DAYS.indexOf(state) + 1L);
                ended(before, state, "younger", kept.minusHours(1));
                ended(before, state, "older", kept.plusHours(1));
            }
        }

        try (App node = App.start(
                url,
                "taskmanager.durable.retention.succeeded=1d",
                "taskmanager.durable.retention.failed=2d",
                "taskmanager.durable.retention.dead-letter=3d",
                "taskmanager.durable.retention.lost=4d",
                "taskmanager.durable.retention.cancelled=5d")) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(kept(node, "older")).isEmpty());
            assertThat(kept(node, "younger")).containsExactlyInAnyOrderElementsOf(BY_DAYS);
        }
    }

    private static List<DurableTaskState> kept(App app, String type) {
        return app.client().list(DurableTaskQuery.all().type(type)).tasks().stream()
                .map(DurableTask::state)
                .toList();
    }

    private static void ended(App app, DurableTaskState state, String type, Duration ago) {
        Timestamp then = Timestamp.from(Instant.now().minus(ago));
        app.jdbc()
                .update(
                        "insert into taskmanager_history (task_instance, task_name, state, priority, at_most_once, deliveries,"
                                + " execution_time, finished_at) values (?, ?, ?, 0, ?, 1, ?, ?)",
                        UUID.randomUUID().toString(),
                        type,
                        state.name(),
                        false,
                        then,
                        then);
    }
}

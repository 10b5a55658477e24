package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EventMeters meters = new EventMeters(new MeterSet(registry, "images"));

    @Test
    void timesTheRunByOutcomeAndTheWaitByLane() {
        meters.taskFinished(finished(TaskLane.PRIORITY, TaskOutcome.FAILED, 2));

        Timer execution = timer("taskmanager.tasks.execution", "outcome", "failed");
        assertThat(execution.count()).isEqualTo(1);
        assertThat(execution.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        Timer waiting = timer("taskmanager.tasks.wait", "lane", "priority");
        assertThat(waiting.count()).isEqualTo(1);
        assertThat(waiting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
    }

    @Test
    void skipsATaskThatNeverStarted() {
        meters.taskFinished(finished(TaskLane.MAIN, TaskOutcome.CANCELLED, 0));

        assertThat(registry.get("taskmanager.tasks.execution").timers()).allMatch(timer -> timer.count() == 0);
        assertThat(registry.get("taskmanager.tasks.wait").timers()).allMatch(timer -> timer.count() == 0);
    }

    @Test
    void hasNoBucketsOfItsOwn() {
        assertThat(timer("taskmanager.tasks.execution", "outcome", "completed")
                        .takeSnapshot()
                        .histogramCounts())
                .isEmpty();
    }

    @Test
    void hasEverySeriesFromTheStartAtZero() {
        assertThat(valuesOf("taskmanager.tasks.execution", "outcome")).isEqualTo(names(TaskOutcome.values()));
        assertThat(valuesOf("taskmanager.tasks.wait", "lane")).isEqualTo(names(TaskLane.values()));
        assertThat(valuesOf("taskmanager.tasks.rejected", "reason")).isEqualTo(names(Reason.values()));
        assertThat(valuesOf("taskmanager.resources.destructions", "cause")).isEqualTo(names(Cause.values()));
        assertThat(counters()).hasSize(Reason.values().length + Cause.values().length + 3);
        assertThat(counters()).allMatch(counter -> counter.count() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void countsARefusalByItsReason(Reason reason) {
        meters.taskRejected(new TaskRejected("images", TaskLane.MAIN, reason));

        assertOnlyOneCounted("taskmanager.tasks.rejected", "reason", reason);
    }

    @ParameterizedTest
    @EnumSource
    void countsADestructionByItsCause(Cause cause) {
        meters.event(event(Type.RESOURCE_DESTROYED, cause));

        assertOnlyOneCounted("taskmanager.resources.destructions", "cause", cause);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESOURCE_DESTROYED")
    void countsCreationsTheirFailuresAndStuckTasksAndNothingElse(Type type) {
        meters.event(event(type, null));

        String counted = switch (type) {
            case RESOURCE_CREATED -> "taskmanager.resources.creations";
            case CREATION_FAILED -> "taskmanager.resources.creation.failures";
            case TASK_STUCK -> "taskmanager.tasks.stuck";
            default -> null;
        };
        assertThat(counters().stream()
                        .filter(counter -> counter.count() == 1)
                        .map(counter -> counter.getId().getName()))
                .isEqualTo(Stream.ofNullable(counted).toList());
    }

    @Test
    void losesNothingWhenManyThreadsTellAtOnce() {
        CompletableFuture<?>[] threads = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        meters.taskFinished(finished(TaskLane.MAIN, TaskOutcome.COMPLETED, 1));
                        meters.taskRejected(new TaskRejected("images", TaskLane.MAIN, Reason.QUEUE_FULL));
                    }
                }))
                .limit(8)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(threads).join();

        assertThat(timer("taskmanager.tasks.execution", "outcome", "completed").count())
                .isEqualTo(8_000);
        assertThat(timer("taskmanager.tasks.wait", "lane", "main").count()).isEqualTo(8_000);
        assertThat(registry.get("taskmanager.tasks.rejected")
                        .tag("reason", "queue_full")
                        .counter()
                        .count())
                .isEqualTo(8_000);
    }

    private void assertOnlyOneCounted(String meter, String tag, Enum<?> value) {
        assertThat(registry.get(meter)
                        .tag("name", "images")
                        .tag(tag, value.name().toLowerCase(Locale.ROOT))
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(counters().stream().mapToDouble(Counter::count).sum()).isEqualTo(1);
    }

    private List<Counter> counters() {
        return registry.getMeters().stream()
                .filter(Counter.class::isInstance)
                .map(Counter.class::cast)
                .toList();
    }

    private List<@Nullable String> valuesOf(String meter, String tag) {
        return registry.get(meter).meters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag(tag))
                .sorted()
                .toList();
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private Timer timer(String meter, String tag, String value) {
        return registry.get(meter).tag("name", "images").tag(tag, value).timer();
    }

    private static TaskManagerEvent event(Type type, @Nullable Cause cause) {
        return new TaskManagerEvent("images", Instant.EPOCH, type, cause, "");
    }

    private static TaskFinished finished(TaskLane lane, TaskOutcome outcome, int attempts) {
        long queued = 1_000_000;
        return new TaskFinished(
                "images",
                "task",
                lane,
                outcome,
                attempts,
                Map.of(),
                (context, resource) -> null,
                new TaskLifecycleTimestamps(queued, queued + 20_000_000, queued + 50_000_000));
    }
}

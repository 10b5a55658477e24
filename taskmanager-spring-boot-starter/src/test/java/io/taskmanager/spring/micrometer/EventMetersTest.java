package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskTimes;
import java.time.Duration;
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

    private static final Duration WAIT = Duration.ofMillis(20);
    private static final Duration RUN = Duration.ofMillis(30);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TaskManagerControl control = mock();
    private final EventMeters meters = new EventMeters(new MeterSet(registry, "images"), () -> control);

    @Test
    void readsTheRunByOutcomeAndTheWaitByLane() {
        given(control.executionTimes(TaskOutcome.FAILED)).willReturn(new TaskTimes(3, RUN));
        given(control.waitTimes(TaskLane.PRIORITY)).willReturn(new TaskTimes(2, WAIT));

        FunctionTimer execution = functionTimer("taskmanager.tasks.execution", "outcome", "failed");
        assertThat(execution.count()).isEqualTo(3);
        assertThat(execution.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        FunctionTimer waiting = functionTimer("taskmanager.tasks.wait", "lane", "priority");
        assertThat(waiting.count()).isEqualTo(2);
        assertThat(waiting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
        assertThat(meters.listensToFinishedTasks()).isFalse();
    }

    @Test
    void readsTimesThatAreTooManyForALong() {
        Duration centuries = Duration.ofNanos(Long.MAX_VALUE).multipliedBy(10);
        given(control.executionTimes(TaskOutcome.COMPLETED)).willReturn(new TaskTimes(10, centuries));

        assertThat(functionTimer("taskmanager.tasks.execution", "outcome", "completed")
                        .totalTime(TimeUnit.SECONDS))
                .isCloseTo(centuries.toSeconds(), within(1.0));
    }

    @Test
    void readsNothingOfAMock() {
        EventMeters unused = new EventMeters(new MeterSet(registry, "mocked"), () -> null);

        assertThat(registry.get("taskmanager.tasks.wait").tag("name", "mocked").functionTimers())
                .hasSize(TaskLane.values().length)
                .allMatch(timer -> timer.count() == 0);
    }

    /** Of one of the two, or both; buckets, or percentiles that the application computes. */
    @Test
    void feedsATimerThatIsToKeepADistribution() {
        keepPercentiles(registry, "taskmanager.tasks.wait");
        EventMeters fed = new EventMeters(new MeterSet(registry, "fed"), () -> control);

        fed.taskFinished(finished(TaskLane.PRIORITY, TaskOutcome.FAILED, 2));

        assertThat(fed.listensToFinishedTasks()).isTrue();
        Timer waiting = timer("taskmanager.tasks.wait", "lane", "priority");
        assertThat(waiting.count()).isEqualTo(1);
        assertThat(waiting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(WAIT.toMillis());
        assertThat(waiting.takeSnapshot().percentileValues()).hasSize(1);
        assertThat(registry.get("taskmanager.tasks.execution")
                        .tag("name", "fed")
                        .functionTimers())
                .hasSize(TaskOutcome.values().length);
    }

    @Test
    void feedsBoth() {
        keepPercentiles(registry, "taskmanager.tasks");
        EventMeters fed = new EventMeters(new MeterSet(registry, "fed"), () -> control);

        fed.taskFinished(finished(TaskLane.PRIORITY, TaskOutcome.FAILED, 2));

        assertThat(timer("taskmanager.tasks.execution", "outcome", "failed").totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(RUN.toMillis());
    }

    @Test
    void skipsATaskThatNeverStarted() {
        keepPercentiles(registry, "taskmanager.tasks");
        EventMeters fed = new EventMeters(new MeterSet(registry, "fed"), () -> control);

        fed.taskFinished(finished(TaskLane.MAIN, TaskOutcome.CANCELLED, 0));

        assertThat(registry.get("taskmanager.tasks.execution").timers()).allMatch(timer -> timer.count() == 0);
        assertThat(registry.get("taskmanager.tasks.wait").timers()).allMatch(timer -> timer.count() == 0);
    }

    private static void keepPercentiles(MeterRegistry registry, String prefix) {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().startsWith(prefix)
                        ? DistributionStatisticConfig.builder()
                                .percentiles(0.5)
                                .build()
                                .merge(config)
                        : config;
            }
        });
    }

    private FunctionTimer functionTimer(String meter, String key, String value) {
        return registry.get(meter).tags("name", "images", key, value).functionTimer();
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
        keepPercentiles(registry, "taskmanager.tasks");
        EventMeters fed = new EventMeters(new MeterSet(registry, "fed"), () -> control);
        CompletableFuture<?>[] threads = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        fed.taskFinished(finished(TaskLane.MAIN, TaskOutcome.COMPLETED, 1));
                        fed.taskRejected(new TaskRejected("images", TaskLane.MAIN, Reason.QUEUE_FULL));
                    }
                }))
                .limit(8)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(threads).join();

        assertThat(timer("taskmanager.tasks.execution", "outcome", "completed").count())
                .isEqualTo(8_000);
        assertThat(timer("taskmanager.tasks.wait", "lane", "main").count()).isEqualTo(8_000);
        assertThat(registry.get("taskmanager.tasks.rejected")
                        .tags("name", "fed", "reason", "queue_full")
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
        return registry.get(meter).tags("name", "fed", tag, value).timer();
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

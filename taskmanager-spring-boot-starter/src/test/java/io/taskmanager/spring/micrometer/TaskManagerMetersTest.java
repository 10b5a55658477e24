package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.TaskManagerRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskManagerMetersTest {

    private static final TaskStats STATS = new TaskStats(2, 5, 3, 7, 8, 9, 4, 1, 6, 10, true);

    private static final TaskMetrics METRICS = new TaskMetrics(
            Duration.ofMillis(11),
            Duration.ofMillis(12),
            Duration.ofMillis(13),
            Duration.ofMillis(14),
            Duration.ofMillis(15),
            Duration.ofMillis(16),
            17,
            18,
            19,
            20,
            21,
            0.22,
            0.23,
            Duration.ofMillis(24),
            Duration.ofMillis(25),
            Duration.ofMillis(26),
            Duration.ofMillis(27),
            28,
            29,
            30,
            31);

    private static final TaskRejected REFUSAL = new TaskRejected("images", TaskLane.MAIN, Reason.QUEUE_FULL);

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TaskManager<?, ?> manager = mock(TaskManager.class);
    private final TaskManagerRegistry registry = mock(TaskManagerRegistry.class);
    private TaskManagerMeters ours;

    @BeforeEach
    void register() {
        willReturn(STATS).given(manager).stats();
        willReturn(METRICS).given(manager).metrics();
        willReturn(Set.of("images")).given(registry).names();
        willReturn(manager).given(registry).get("images");
        ours = new TaskManagerMeters(meters, registry);
    }

    @Test
    void showsEveryNumberOfStatsAndMetrics() {
        assertThat(meters.scrape())
                .contains(
                        "taskmanager_workers{kind=\"base\",name=\"images\"} 2.0\n",
                        "taskmanager_workers{kind=\"active\",name=\"images\"} 5.0\n",
                        "taskmanager_workers{kind=\"burst\",name=\"images\"} 3.0\n",
                        "taskmanager_workers{kind=\"starting\",name=\"images\"} 1.0\n",
                        "taskmanager_workers_busy{name=\"images\"} 4.0\n",
                        "taskmanager_queue_tasks{lane=\"main\",name=\"images\"} 7.0\n",
                        "taskmanager_queue_tasks{lane=\"priority\",name=\"images\"} 8.0\n",
                        "taskmanager_queue_tasks{lane=\"retry\",name=\"images\"} 6.0\n",
                        "taskmanager_resources_available{name=\"images\"} 9.0\n",
                        "taskmanager_resources_temporary{name=\"images\"} 10.0\n",
                        "taskmanager_paused{name=\"images\"} 1.0\n",
                        "taskmanager_tasks_execution_time_average_seconds{name=\"images\"} 0.011\n",
                        "taskmanager_tasks_execution_time_min_seconds{name=\"images\"} 0.012\n",
                        "taskmanager_tasks_execution_time_max_seconds{name=\"images\"} 0.013\n",
                        "taskmanager_tasks_execution_time_p95_seconds{name=\"images\"} 0.014\n",
                        "taskmanager_tasks_execution_time_p99_seconds{name=\"images\"} 0.015\n",
                        "taskmanager_tasks_wait_time_average_seconds{name=\"images\"} 0.016\n",
                        "taskmanager_tasks_arrival_rate{name=\"images\"} 17.0\n",
                        "taskmanager_tasks_completion_rate{name=\"images\"} 18.0\n",
                        "taskmanager_tasks_completed_total{name=\"images\"} 19.0\n",
                        "taskmanager_tasks_failed_total{name=\"images\"} 20.0\n",
                        "taskmanager_tasks_retried_total{name=\"images\"} 21.0\n",
                        "taskmanager_tasks_success_rate{name=\"images\"} 0.22\n",
                        "taskmanager_tasks_failure_rate{name=\"images\"} 0.23\n",
                        "taskmanager_tasks_execution_time_p50_seconds{name=\"images\"} 0.024\n",
                        "taskmanager_tasks_wait_time_p95_seconds{name=\"images\"} 0.025\n",
                        "taskmanager_tasks_wait_time_p99_seconds{name=\"images\"} 0.026\n",
                        "taskmanager_tasks_wait_time_max_seconds{name=\"images\"} 0.027\n",
                        "taskmanager_tasks_arrived_total{name=\"images\"} 28.0\n",
                        "taskmanager_tasks_cancelled_total{name=\"images\"} 30.0\n",
                        "taskmanager_tasks_timedout_total{name=\"images\"} 31.0\n");
    }

    @Test
    void hasAMeterForEachComponentButTheRefusedTasksThatItCountsByReason() {
        int components = TaskStats.class.getRecordComponents().length + TaskMetrics.class.getRecordComponents().length;
        int ofControl = MeterCatalog.STEERING.size() + 1;
        PrometheusMeterRegistry ofEvents = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        EventMeters unused = new EventMeters(new MeterSet(ofEvents, "images"), () -> null);

        assertThat(meters.getMeters())
                .hasSize(components - 1 + ofControl + ofEvents.getMeters().size());
    }

    /** Each series is memory, and a line of every scrape, for every manager of every application. */
    @Test
    void aManagerHasTheseMetersAndNoMore() {
        SimpleMeterRegistry simple = new SimpleMeterRegistry();
        TaskManagerMeters unused = new TaskManagerMeters(simple, registry);

        assertThat(simple.getMeters()).hasSize(54);
        Map<String, Long> series = simple.getMeters().stream()
                .map(meter -> meter.getId().getName())
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        assertThat(series)
                .isEqualTo(Map.ofEntries(
                        Map.entry("taskmanager.workers", 4L),
                        Map.entry("taskmanager.workers.busy", 1L),
                        Map.entry("taskmanager.workers.max", 1L),
                        Map.entry("taskmanager.queue.tasks", 3L),
                        Map.entry("taskmanager.paused", 1L),
                        Map.entry("taskmanager.outage", 1L),
                        Map.entry("taskmanager.resources.total", 1L),
                        Map.entry("taskmanager.resources.available", 1L),
                        Map.entry("taskmanager.resources.temporary", 1L),
                        Map.entry("taskmanager.resources.creations", 1L),
                        Map.entry("taskmanager.resources.creation.failures", 1L),
                        Map.entry("taskmanager.resources.destructions", 4L),
                        Map.entry("taskmanager.tasks.arrived", 1L),
                        Map.entry("taskmanager.tasks.completed", 1L),
                        Map.entry("taskmanager.tasks.failed", 1L),
                        Map.entry("taskmanager.tasks.cancelled", 1L),
                        Map.entry("taskmanager.tasks.timedout", 1L),
                        Map.entry("taskmanager.tasks.retried", 1L),
                        Map.entry("taskmanager.tasks.rejected", 5L),
                        Map.entry("taskmanager.tasks.running.longest", 1L),
                        Map.entry("taskmanager.tasks.stuck", 1L),
                        Map.entry("taskmanager.tasks.execution", 4L),
                        Map.entry("taskmanager.tasks.wait", 3L),
                        Map.entry("taskmanager.tasks.arrival.rate", 1L),
                        Map.entry("taskmanager.tasks.completion.rate", 1L),
                        Map.entry("taskmanager.tasks.success.rate", 1L),
                        Map.entry("taskmanager.tasks.failure.rate", 1L),
                        Map.entry("taskmanager.tasks.execution.time.average", 1L),
                        Map.entry("taskmanager.tasks.execution.time.min", 1L),
                        Map.entry("taskmanager.tasks.execution.time.max", 1L),
                        Map.entry("taskmanager.tasks.execution.time.p50", 1L),
                        Map.entry("taskmanager.tasks.execution.time.p95", 1L),
                        Map.entry("taskmanager.tasks.execution.time.p99", 1L),
                        Map.entry("taskmanager.tasks.wait.time.average", 1L),
                        Map.entry("taskmanager.tasks.wait.time.p95", 1L),
                        Map.entry("taskmanager.tasks.wait.time.p99", 1L),
                        Map.entry("taskmanager.tasks.wait.time.max", 1L)));
    }

    @Test
    void describesEachMeterAndGivesItsSeriesTheSameTags() {
        assertThat(meters.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
        meters.getMeters().stream()
                .collect(Collectors.groupingBy(meter -> meter.getId().getName()))
                .forEach((name, series) -> assertThat(series.stream().map(TaskManagerMetersTest::tagKeys))
                        .as(name)
                        .allMatch(keys -> keys.contains("name"))
                        .containsOnly(tagKeys(series.get(0))));
    }

    @Test
    void readsTheManagerOnceForAScrape() {
        meters.scrape();

        verify(manager, times(1)).stats();
        verify(manager, times(1)).metrics();
    }

    @Test
    void showsNothingOfAManagerThatThrows() {
        meters.clear();
        willThrow(new IllegalStateException("can't be created")).given(registry).get("images");
        new TaskManagerMeters(meters, registry);

        assertThat(meters.scrape())
                .contains(
                        "taskmanager_workers_busy{name=\"images\"} NaN\n",
                        "taskmanager_tasks_completed_total{name=\"images\"} 0.0\n");
    }

    @Test
    void leavesNoMeterBehindWhenItIsClosed() {
        Gauge other = Gauge.builder("taskmanagers.other", () -> 1).register(meters);

        ours.close();

        assertThat(meters.getMeters()).containsExactly(other);
        assertThat(meters.scrape()).doesNotContain("taskmanager_");
    }

    @Test
    void leavesNoneBehindThatARegistryMadeOfATimersBuckets() {
        SimpleMeterRegistry simple = new SimpleMeterRegistry();
        simple.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(1e6)
                        .build()
                        .merge(config);
            }
        });
        TaskManagerMeters ofSimple = new TaskManagerMeters(simple, registry);
        assertThat(simple.find("taskmanager.tasks.wait.histogram").meters()).isNotEmpty();

        ofSimple.close();

        assertThat(simple.getMeters()).isEmpty();
    }

    @Test
    void leavesNoneBehindInTheRegistriesOfAComposite() {
        SimpleMeterRegistry child = new SimpleMeterRegistry();
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(child);
        TaskManagerMeters ofComposite = new TaskManagerMeters(composite, registry);
        assertThat(child.find("taskmanager.workers").meters()).isNotEmpty();

        ofComposite.close();

        assertThat(child.getMeters()).isEmpty();
        assertThat(composite.getMeters()).isEmpty();
    }

    @Test
    void removesTheMetersOfOneManagerAndCountsAnewWhenItIsBack() {
        ours.add("catalog");
        ours.taskRejected(REFUSAL);
        assertThat(refusals()).isEqualTo(1);

        ours.remove("images");
        ours.taskRejected(REFUSAL);
        assertThat(ours.managerNames()).containsExactly("catalog");
        assertThat(meters.scrape()).doesNotContain("images").contains("taskmanager_workers_busy{name=\"catalog\"}");

        ours.add("images");
        assertThat(refusals()).isZero();
        ours.taskRejected(REFUSAL);
        assertThat(refusals()).isEqualTo(1);
    }

    @Test
    void addsAManagerOnce() {
        ours.taskRejected(REFUSAL);
        ours.add("images");

        assertThat(refusals()).isEqualTo(1);
        ours.remove("images");
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void countsNothingOfAManagerThatIsNotItsOwn() {
        ours.taskRejected(new TaskRejected("others", TaskLane.MAIN, Reason.QUEUE_FULL));
        ours.taskFinished(new TaskFinished(
                "others",
                "task",
                TaskLane.MAIN,
                TaskOutcome.FAILED,
                1,
                Map.of(),
                (context, resource) -> null,
                new TaskLifecycleTimestamps(0, 1, 2)));
        ours.event(new TaskManagerEvent("others", Instant.EPOCH, Type.TASK_STUCK, null, ""));

        assertThat(refusals()).isZero();
        assertThat(meters.scrape()).doesNotContain("others");
    }

    private double refusals() {
        return meters.get("taskmanager.tasks.rejected")
                .tags("name", "images", "reason", "queue_full")
                .counter()
                .count();
    }

    private static Set<String> tagKeys(Meter meter) {
        return meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toSet());
    }
}

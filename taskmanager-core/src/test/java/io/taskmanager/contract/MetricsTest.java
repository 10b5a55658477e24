package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimes;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Metrics: what the manager's own collector says of known work. */
class MetricsTest {

    private static final Duration RUN_TIME = Duration.ofMillis(10);

    @RegisterExtension
    final TestBed bed = new TestBed();

    @Test
    void isAllZeroBeforeTheFirstTask() {
        var manager = bed.manager(config -> config);

        assertThat(manager.metrics())
                .isEqualTo(new TaskMetrics(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        0,
                        0,
                        0));
    }

    @EveryEntryPoint
    void countsTasksThatReturnedAndThatThrew(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        for (int i = 0; i < 8; i++) {
            boolean fail = i % 4 == 0;
            bed.call(entry, manager, (context, resource) -> {
                        if (fail) {
                            throw new IOException();
                        }
                        return null;
                    })
                    .await();
        }

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksArrived()).isEqualTo(8);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(6);
        assertThat(metrics.totalTasksFailed()).isEqualTo(2);
        assertThat(metrics.successRate()).isEqualTo(0.75);
        assertThat(metrics.failureRate()).isEqualTo(0.25);
        assertThat(metrics.totalTasksRetried()).isZero();
        assertThat(metrics.totalTasksCancelled()).isZero();
        assertThat(metrics.totalTasksRejected()).isZero();
        assertThat(metrics.totalTasksTimedOut()).isZero();
    }

    @EveryEntryPoint
    void addsUpRunTimesByOutcomeAndWaitsByLane(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        addUp(entry, manager);
    }

    @EveryEntryPoint
    void addsThemUpBesideACollectorOfTheUsers(EntryPoint entry) {
        var manager = bed.manager(config -> config.collector(new RecordingCollector()));
        addUp(entry, manager);
    }

    private void addUp(EntryPoint entry, TaskManager<Resource, Object> manager) {
        bed.call(entry, manager, (context, resource) -> {
                    run(RUN_TIME);
                    return null;
                })
                .value();
        bed.call(entry, manager, (context, resource) -> {
                    throw new IOException();
                })
                .error();

        TaskManagerControl control = manager.control();
        assertThat(control.executionTimes(TaskOutcome.COMPLETED).count()).isEqualTo(1);
        assertThat(control.executionTimes(TaskOutcome.COMPLETED).total()).isGreaterThanOrEqualTo(RUN_TIME);
        assertThat(control.executionTimes(TaskOutcome.FAILED).count()).isEqualTo(1);
        assertThat(control.executionTimes(TaskOutcome.CANCELLED)).isEqualTo(new TaskTimes(0, Duration.ZERO));
        for (TaskLane lane : TaskLane.values()) {
            assertThat(control.waitTimes(lane).count()).isEqualTo(lane == entry.lane() ? 2 : 0);
        }
    }

    @EveryEntryPoint
    void measuresHowLongTasksRan(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        long bound = 0;
        for (int i = 0; i < 5; i++) {
            boolean quick = i == 0;
            boolean fail = i == 4;
            long before = System.nanoTime();
            bed.call(entry, manager, (context, resource) -> {
                        if (!quick) {
                            run(RUN_TIME);
                        }
                        if (fail) {
                            throw new IOException();
                        }
                        return null;
                    })
                    .await();
            bound = Math.max(bound, System.nanoTime() - before);
        }

        TaskMetrics metrics = manager.metrics();
        Duration longest = Duration.ofNanos(bound);
        assertThat(metrics.maxExecutionTime()).isBetween(RUN_TIME, longest);
        assertThat(metrics.minExecutionTime()).isPositive().isLessThan(metrics.maxExecutionTime());
        assertThat(metrics.averageExecutionTime())
                .isBetween(RUN_TIME.multipliedBy(4).dividedBy(5), metrics.maxExecutionTime());
        assertThat(metrics.p50ExecutionTime()).isBetween(percent(RUN_TIME, 99), percent(longest, 101));
        assertThat(metrics.p95ExecutionTime()).isBetween(metrics.p50ExecutionTime(), percent(longest, 101));
        assertThat(metrics.p99ExecutionTime()).isBetween(metrics.p95ExecutionTime(), percent(longest, 101));
    }

    @EveryQueueForm
    void measuresHowLongTasksWaited(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        long submitted = System.nanoTime();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);
        Await.until(
                "the task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);
        long queued = System.nanoTime();
        run(RUN_TIME);
        Duration atLeast = Duration.ofNanos(System.nanoTime() - queued);
        gate.open();
        answer.value();
        Duration atMost = Duration.ofNanos(System.nanoTime() - submitted);

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksCompleted()).isEqualTo(2);
        assertThat(metrics.maxWaitTime()).isGreaterThanOrEqualTo(atLeast);
        assertThat(metrics.averageWaitTime()).isGreaterThanOrEqualTo(atLeast.dividedBy(2));
        assertThat(metrics.averageWaitTime()).isLessThanOrEqualTo(metrics.maxWaitTime());
        assertThat(metrics.p95WaitTime()).isBetween(percent(atLeast, 99), percent(metrics.maxWaitTime(), 101));
        assertThat(metrics.p99WaitTime()).isBetween(percent(atLeast, 99), percent(metrics.maxWaitTime(), 101));
        assertThat(atMost).isGreaterThan(atLeast);
    }

    @EveryEntryPoint
    void measuresRatesOverARecentWindow(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        long before = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            bed.call(entry, manager, (context, resource) -> null).value();
        }

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.taskArrivalRate()).isPositive().isFinite();
        assertThat(metrics.taskCompletionRate()).isPositive().isFinite();
        assertThat(metrics.taskCompletionRate())
                .isCloseTo(metrics.taskArrivalRate(), within(0.5 * metrics.taskArrivalRate()));
        double seconds = (System.nanoTime() - before) / 1e9;
        assertThat(metrics.taskArrivalRate()).isGreaterThanOrEqualTo(20 / (10 + 2 * seconds));
    }

    @EveryRetriedForm
    void countsEachRetryAndEachTaskOnce(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(2));
        bed.call(entry, manager, (context, resource) -> {
                    throw new IOException();
                })
                .error();
        bed.call(entry, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException();
                    }
                    return null;
                })
                .value();

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksRetried()).isEqualTo(3);
        assertThat(metrics.totalTasksArrived()).isEqualTo(2);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(1);
        assertThat(metrics.totalTasksFailed()).isEqualTo(1);
    }

    @EveryAsyncForm
    void countsCancellations(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> running = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        Answer<Object> queued = bed.call(entry, manager, (context, resource) -> null);

        queued.future().cancel(true);
        running.future().cancel(true);
        bed.call(entry, manager, (context, resource) -> null).value();
        bed.call(entry, manager, (context, resource) -> null).value();

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksCancelled()).isEqualTo(2);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(2);
        assertThat(metrics.totalTasksArrived()).isEqualTo(4);
        assertThat(metrics.successRate()).isEqualTo(0.5);
        assertThat(metrics.failureRate()).isZero();
    }

    @EveryQueueForm
    void countsRejections(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.queueCapacity(1).priorityQueueCapacity(1).overflowPolicy(OverflowPolicy.REJECT));
        Gate gate = bed.occupy(manager, 1);
        Answer<Object> accepted = bed.call(entry, manager, (context, resource) -> null);
        Await.until(
                "the task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);
        bed.call(entry, manager, (context, resource) -> null).error();
        gate.open();
        accepted.value();
        manager.stop();
        bed.call(entry, manager, (context, resource) -> null).error();

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksRejected()).isEqualTo(2);
        assertThat(metrics.totalTasksArrived()).isEqualTo(2);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(2);
    }

    @EveryEntryPoint
    void countsWhatAKillCancelled(EntryPoint entry) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        manager.kill();

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksArrived()).isEqualTo(1);
        assertThat(metrics.totalTasksCancelled()).isEqualTo(1);
        assertThat(metrics.totalTasksCompleted() + metrics.totalTasksFailed()).isZero();
    }

    /** Runs for at least so long. */
    private static void run(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }

    private static Duration percent(Duration duration, int percent) {
        return duration.multipliedBy(percent).dividedBy(100);
    }
}

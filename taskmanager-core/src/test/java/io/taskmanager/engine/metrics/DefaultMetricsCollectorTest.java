package io.taskmanager.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimes;
import io.taskmanager.engine.metrics.DefaultMetricsCollector.Stripe;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Footprint;
import io.taskmanager.testkit.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DefaultMetricsCollectorTest {

    private static final int DIVES = 50;

    private final ManualTimer clock = new ManualTimer();
    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(clock);

    @Test
    void all_is_zero_before_the_first_task() {
        TaskMetrics zero = collector.metrics();

        assertThat(zero.averageExecutionTime()).isZero();
        assertThat(zero.minExecutionTime()).isZero();
        assertThat(zero.p99WaitTime()).isZero();
        assertThat(zero.successRate()).isZero();
        assertThat(zero.failureRate()).isZero();
    }

    @Test
    void execution_times_are_of_completed_and_failed_tasks() {
        for (int ms = 1; ms <= 99; ms++) {
            collector.recordCompletion(run(0, ms));
        }
        collector.recordFailure(run(0, 100));

        TaskMetrics metrics = collector.metrics();
        assertThat(metrics.minExecutionTime()).isEqualTo(Duration.ofMillis(1));
        assertThat(metrics.maxExecutionTime()).isEqualTo(Duration.ofMillis(100));
        assertThat(metrics.averageExecutionTime()).isEqualTo(Duration.ofNanos(50_500_000));
        assertThat(millis(metrics.p50ExecutionTime())).isCloseTo(50, within(0.5));
        assertThat(millis(metrics.p95ExecutionTime())).isCloseTo(95, within(0.95));
        assertThat(millis(metrics.p99ExecutionTime())).isCloseTo(99, within(0.99));
    }

    @Test
    void wait_times_are_from_queue_to_start() {
        for (int ms = 1; ms <= 100; ms++) {
            collector.recordCompletion(run(ms, 1));
        }

        TaskMetrics metrics = collector.metrics();
        assertThat(metrics.averageWaitTime()).isEqualTo(Duration.ofNanos(50_500_000));
        assertThat(millis(metrics.p95WaitTime())).isCloseTo(95, within(0.95));
        assertThat(millis(metrics.p99WaitTime())).isCloseTo(99, within(0.99));
        assertThat(metrics.maxWaitTime()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void a_percentile_is_never_beyond_the_maximum() {
        collector.recordCompletion(run(0, 1_234_567));

        assertThat(collector.metrics().p99ExecutionTime()).isEqualTo(Duration.ofMillis(1_234_567));
    }

    @Test
    void days_are_counted_though_the_histogram_ends_at_one() {
        collector.recordCompletion(run(0, Duration.ofDays(3).toMillis()));

        assertThat(collector.metrics().maxExecutionTime()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void times_are_exact_when_they_add_up_to_more_than_a_long() {
        for (int i = 0; i < 3; i++) {
            collector.recordCompletion(new TaskLifecycleTimestamps(-Long.MAX_VALUE, 0, Long.MAX_VALUE));
        }

        assertThat(collector.metrics().averageWaitTime()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(collector.metrics().averageExecutionTime()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void the_times_of_each_outcome_and_lane_are_of_the_tasks_that_were_started() {
        for (TaskOutcome outcome : TaskOutcome.values()) {
            collector.recordEnd(outcome, TaskLane.PRIORITY, true, 1_000, 1_020, 1_050 + outcome.ordinal());
            collector.recordEnd(outcome, TaskLane.MAIN, false, 1_000, 1_020, 1_020);
        }

        for (TaskOutcome outcome : TaskOutcome.values()) {
            assertThat(collector.executionTimes(outcome))
                    .isEqualTo(new TaskTimes(1, Duration.ofNanos(30 + outcome.ordinal())));
        }
        int started = TaskOutcome.values().length;
        assertThat(collector.waitTimes(TaskLane.PRIORITY))
                .isEqualTo(new TaskTimes(started, Duration.ofNanos(20 * started)));
        assertThat(collector.waitTimes(TaskLane.MAIN)).isEqualTo(new TaskTimes(0, Duration.ZERO));
    }

    @Test
    void times_that_add_up_to_more_than_a_long_are_a_duration() {
        for (int i = 0; i < 3; i++) {
            collector.recordCompletion(new TaskLifecycleTimestamps(0, 0, Long.MAX_VALUE));
        }

        assertThat(collector.executionTimes(TaskOutcome.COMPLETED))
                .isEqualTo(new TaskTimes(3, Duration.ofNanos(Long.MAX_VALUE).multipliedBy(3)));
    }

    @Test
    void totals_and_rates_of_each_kind() {
        for (int i = 0; i < 8; i++) {
            collector.recordArrival();
        }
        for (int i = 0; i < 4; i++) {
            collector.recordCompletion(run(0, 1));
        }
        collector.recordFailure(run(0, 1));
        collector.recordRetry();
        collector.recordRetry();
        collector.recordRejection();
        collector.recordCancellation();
        collector.recordCancellation();
        collector.recordTimeout(run(0, 1));

        TaskMetrics metrics = collector.metrics();
        assertThat(metrics.totalTasksArrived()).isEqualTo(8);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(4);
        assertThat(metrics.totalTasksFailed()).isEqualTo(1);
        assertThat(metrics.totalTasksRetried()).isEqualTo(2);
        assertThat(metrics.totalTasksRejected()).isEqualTo(1);
        assertThat(metrics.totalTasksCancelled()).isEqualTo(2);
        assertThat(metrics.totalTasksTimedOut()).isEqualTo(1);
        assertThat(metrics.successRate()).isEqualTo(0.5);
        assertThat(metrics.failureRate()).isEqualTo(0.25);
    }

    @Test
    void rates_are_over_the_recent_window() {
        for (int i = 0; i < 100; i++) {
            collector.recordArrival();
            collector.recordCompletion(run(0, 0));
            clock.advance(Duration.ofMillis(100));
        }
        assertThat(collector.metrics().taskArrivalRate()).isCloseTo(10, within(0.3));
        assertThat(collector.metrics().taskCompletionRate()).isCloseTo(10, within(0.3));

        clock.advance(Duration.ofSeconds(11));
        assertThat(collector.metrics().taskArrivalRate()).isZero();
        assertThat(collector.metrics().taskCompletionRate()).isZero();
        assertThat(collector.metrics().totalTasksArrived()).isEqualTo(100);
    }

    /** What {@code metrics()} reads is what is kept: so an answer costs the same, too, however much was recorded. */
    @Test
    void memory_is_fixed_however_much_is_recorded() throws IllegalAccessException {
        record(collector, 1);
        collector.metrics();
        long before = Footprint.of(collector);
        for (int i = 1; i <= 200_000; i++) {
            record(collector, i * 37L % 100_000);
            clock.advance(Duration.ofMillis(7));
        }
        assertThat(collector.metrics().totalTasksCompleted()).isEqualTo(200_001);
        assertThat(Footprint.of(collector)).isEqualTo(before);
    }

    /** More threads than stripes, so that they meet; each record is in the totals, the times and the rates. */
    @Test
    void no_record_is_lost_between_threads() {
        int threads = 10;
        int each = 20_000;
        Gate gate = new Gate();
        List<Background<Boolean>> recording = Stream.generate(() -> Background.start(() -> {
                    gate.passIgnoringInterrupts();
                    for (int i = 0; i < each; i++) {
                        collector.recordArrival();
                        collector.recordCompletion(run(0, 1));
                    }
                    return true;
                }))
                .limit(threads)
                .toList();
        gate.awaitArrivals(threads);
        gate.open();
        recording.forEach(Background::value);

        clock.advance(Duration.ofSeconds(1));
        TaskMetrics metrics = collector.metrics();
        long all = threads * each;
        assertThat(metrics.totalTasksArrived()).isEqualTo(all);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(all);
        assertThat(metrics.taskArrivalRate()).isEqualTo(all);
        assertThat(metrics.taskCompletionRate()).isEqualTo(all);
        assertThat(metrics.averageExecutionTime()).isEqualTo(Duration.ofMillis(1));
    }

    /** One thread is held in the midst of a recording, another in the midst of an answer; this one goes on. */
    @Test
    void recording_waits_for_nobody_who_records_or_asks() {
        Thread test = Thread.currentThread();
        Gate gate = new Gate();
        DefaultMetricsCollector shared = new DefaultMetricsCollector(() -> {
            if (Thread.currentThread() != test) {
                gate.passIgnoringInterrupts();
            }
            return clock.nanos();
        });
        Background<Boolean> recording = Background.start(() -> {
            shared.recordArrival();
            return true;
        });
        Background<TaskMetrics> asking = Background.start(shared::metrics);
        gate.awaitArrivals(2);

        record(shared, 1);
        assertThat(shared.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(recording.isDone()).isFalse();
        assertThat(asking.isDone()).isFalse();

        gate.open();
        assertThat(recording.value()).isTrue();
        assertThat(asking.value().totalTasksCompleted()).isEqualTo(1);
    }

    /** A thread finds the only stripe claimed, and no memory for another: it waits for that one. */
    @Test
    void no_record_is_lost_for_want_of_memory() {
        List<Stripe> made = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        DefaultMetricsCollector full = new DefaultMetricsCollector(clock, 4, startNanos -> {
            if (!made.isEmpty()) {
                refused.incrementAndGet();
                throw new OutOfMemoryError("made up");
            }
            made.add(new Stripe(startNanos));
            return made.get(0);
        });
        assertThat(made.get(0).claim()).isTrue();
        Background<Boolean> recording = Background.start(() -> {
            record(full, 1);
            return true;
        });
        Await.until("a vain attempt to make another", () -> refused.get() > 0);
        assertThat(recording.isDone()).isFalse();

        made.get(0).release();

        assertThat(recording.value()).isTrue();
        assertThat(full.metrics().totalTasksArrived()).isEqualTo(1);
        assertThat(full.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(full.metrics().totalTasksFailed()).isEqualTo(1);
    }

    /**
     * A caller has hardly any stack left. It claims a stripe, and then can call nothing more, not even what releases it.
     * Each dive meets the end of the stack somewhere else.
     */
    @Test
    void no_stripe_stays_claimed_by_a_caller_whose_stack_is_full() {
        DefaultMetricsCollector shared = new DefaultMetricsCollector(clock, 1);

        Background<Integer> diving = Background.start(() -> {
            int dives = 0;
            for (int i = 0; i < DIVES; i++) {
                try {
                    dive(shared, i);
                } catch (StackOverflowError e) {
                    dives++;
                }
            }
            return dives;
        });

        assertThat(diving.value()).isEqualTo(DIVES);
        assertThat(Background.start(shared::metrics).value().totalTasksArrived())
                .isPositive();
    }

    @SuppressWarnings("InfiniteRecursion") // until there is no stack
    private static void dive(DefaultMetricsCollector to, int before) {
        if (before <= 0) {
            to.recordArrival();
            to.recordEnd(TaskOutcome.COMPLETED, TaskLane.MAIN, true, 0, 0, 0);
            to.totals();
        }
        dive(to, before - 1);
    }

    private void record(DefaultMetricsCollector to, long millis) {
        to.recordArrival();
        to.recordCompletion(run(millis, millis));
        to.recordFailure(run(millis, millis));
        to.recordRetry();
        to.recordRejection();
        to.recordCancellation();
        to.recordTimeout(run(millis, millis));
    }

    private TaskLifecycleTimestamps run(long waitMillis, long runMillis) {
        long now = clock.nanos();
        long started = now - Duration.ofMillis(runMillis).toNanos();
        return new TaskLifecycleTimestamps(
                started - Duration.ofMillis(waitMillis).toNanos(), started, now);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}

package io.taskmanager.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskOptions;
import io.taskmanager.engine.queue.TimeLimits.Expiry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

    private static final Duration QUEUE = Duration.ofSeconds(2);
    private static final Duration RUN = Duration.ofSeconds(3);
    private static final Instant DUE = Instant.parse("2100-01-01T00:00:00Z");
    private static final Expiry QUEUE_EXPIRY =
            new Expiry(QUEUE, "was not started within its queueTimeout (" + QUEUE + ")");
    private static final Expiry RUN_EXPIRY = new Expiry(RUN, "ran longer than its timeout (" + RUN + ")");

    private final TimeLimits both = new TimeLimits(QUEUE, RUN, null, 0);

    @Test
    void no_setting_and_no_option_is_no_limit() {
        assertThat(of(TaskOptions.builder(), null, null)).isSameAs(TimeLimits.NONE);
        assertThat(TimeLimits.NONE.ofWaiting(true, 0)).isNull();
        assertThat(TimeLimits.NONE.ofRunning(0)).isNull();
    }

    @Test
    void one_limit_is_enough() {
        assertThat(of(TaskOptions.builder(), QUEUE, null)).isEqualTo(new TimeLimits(QUEUE, null, null, 0));
        assertThat(of(TaskOptions.builder(), null, RUN)).isEqualTo(new TimeLimits(null, RUN, null, 0));
        assertThat(of(TaskOptions.builder().deadline(DUE), null, null).deadline())
                .isEqualTo(DUE);
    }

    @Test
    void the_options_of_a_task_go_before_the_settings_of_its_manager() {
        Duration own = Duration.ofMillis(1);

        assertThat(of(TaskOptions.builder().queueTimeout(own), QUEUE, RUN))
                .isEqualTo(new TimeLimits(own, RUN, null, 0));
        assertThat(of(TaskOptions.builder().timeout(own), QUEUE, RUN)).isEqualTo(new TimeLimits(QUEUE, own, null, 0));
    }

    @Test
    void the_queue_time_ends_with_the_first_attempt() {
        assertThat(both.ofWaiting(true, 0)).isEqualTo(QUEUE_EXPIRY);
        assertThat(both.ofWaiting(false, 0)).isNull();
        assertThat(both.ofRunning(0)).isEqualTo(RUN_EXPIRY);
    }

    @Test
    void a_deadline_counts_where_it_comes_first() {
        long now = 500;
        assertThat(dueIn(RUN, now).ofRunning(now)).isEqualTo(RUN_EXPIRY);

        Duration sooner = RUN.minusNanos(1);
        Expiry missed = new Expiry(sooner, "missed its deadline (" + DUE + ")");
        assertThat(dueIn(sooner, now).ofRunning(now)).isEqualTo(missed);
        assertThat(dueIn(sooner, now).ofWaiting(false, now)).isEqualTo(missed);
    }

    @Test
    void a_deadline_that_has_passed_is_due_at_once() {
        Expiry expiry = new TimeLimits(null, null, DUE, 100).ofRunning(200);

        assertThat(expiry).isEqualTo(new Expiry(Duration.ZERO, "missed its deadline (" + DUE + ")"));
    }

    @Test
    void a_deadline_is_put_on_the_clock_of_the_engine() {
        long now = 1_000;
        long passed = of(TaskOptions.builder().deadline(Instant.now().minusSeconds(60)), null, null, now)
                .deadlineNanos();
        long toCome = of(TaskOptions.builder().deadline(Instant.now().plus(Duration.ofDays(1))), null, null, now)
                .deadlineNanos();

        assertThat(passed).isLessThan(now);
        assertThat(toCome)
                .isBetween(
                        now + Duration.ofHours(1).toNanos(),
                        now + Duration.ofDays(1).toNanos());
    }

    @Test
    void a_deadline_beyond_all_clocks_is_far_away() {
        long now = 1_000;

        assertThat(of(TaskOptions.builder().deadline(Instant.MAX), null, null, now)
                        .deadlineNanos())
                .isEqualTo(now + Duration.ofDays(36_500).toNanos());
    }

    private static TimeLimits dueIn(Duration untilDeadline, long nowNanos) {
        return new TimeLimits(QUEUE, RUN, DUE, nowNanos + untilDeadline.toNanos());
    }

    private static TimeLimits of(TaskOptions.Builder options, Duration queueTimeout, Duration runTimeout) {
        return of(options, queueTimeout, runTimeout, 0);
    }

    private static TimeLimits of(
            TaskOptions.Builder options, Duration queueTimeout, Duration runTimeout, long nowNanos) {
        return TimeLimits.of(options.build(), queueTimeout, runTimeout, null, () -> nowNanos);
    }
}

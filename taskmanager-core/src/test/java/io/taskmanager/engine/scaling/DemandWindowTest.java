package io.taskmanager.engine.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.engine.scaling.DemandWindow.Demand;
import io.taskmanager.engine.scaling.DemandWindow.Sample;
import io.taskmanager.testkit.Footprint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandWindowTest {

    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final DemandWindow window = new DemandWindow(new Sample(0, 0, 0, 0));

    @Test
    void rates_are_since_the_start_while_that_is_recent() {
        Demand demand = window.add(sample(2, 10, 4, 2));

        assertThat(demand).isEqualTo(new Demand(5, 2, Duration.ofMillis(500)));
    }

    @Test
    void rates_are_over_ten_seconds_later() {
        window.add(sample(10, 100, 100, 50));
        Demand demand = window.add(sample(20, 120, 110, 51));

        assertThat(demand).isEqualTo(new Demand(2, 1, Duration.ofMillis(100)));
    }

    @Test
    void a_sample_of_exactly_ten_seconds_ago_still_counts() {
        window.add(sample(5, 50, 0, 0));

        assertThat(window.add(sample(10, 100, 0, 0)).arrivalRate()).isEqualTo(10);
        assertThat(window.add(sample(15, 200, 0, 0)).arrivalRate()).isEqualTo(15);
    }

    @Test
    void two_samples_are_kept_however_old() {
        assertThat(window.add(sample(20, 40, 0, 0)).arrivalRate()).isEqualTo(2);
    }

    @Test
    void what_comes_after_a_quiet_time_is_not_spread_over_all_of_it() {
        window.add(sample(1, 5, 0, 0));
        window.addQuiet(Duration.ofSeconds(3600).toNanos());

        assertThat(window.add(sample(3610, 45, 0, 0)).arrivalRate()).isEqualTo(4);
    }

    @Test
    void a_quiet_time_that_is_over_changes_nothing() {
        window.add(sample(2, 10, 0, 0));
        window.addQuiet(Duration.ofSeconds(1).toNanos());

        assertThat(window.add(sample(4, 20, 0, 0)).arrivalRate()).isEqualTo(5);
    }

    @Test
    void memory_is_fixed_however_often_it_is_sampled() throws Exception {
        for (int i = 1; i < 20_000; i++) {
            window.add(everyMillisecond(i));
        }

        Demand demand = window.add(everyMillisecond(20_000));

        assertThat(demand).isEqualTo(new Demand(1_000, 1_000, Duration.ofMillis(1)));
        assertThat(Footprint.of(window)).isLessThan(1_000);
    }

    /** A task came each millisecond, and ran for one. */
    private static Sample everyMillisecond(int i) {
        return new Sample(i * MILLI, i, i, i * MILLI);
    }

    @Test
    void rests_in_quick_succession_take_no_memory() throws Exception {
        for (int i = 1; i <= 100_000; i++) {
            window.addQuiet(i * MILLI - DemandWindow.NANOS);
            window.add(everyMillisecond(i));
        }

        assertThat(Footprint.of(window)).isLessThan(1_000);
    }

    @Test
    void what_came_between_two_kept_samples_is_not_lost_by_a_quiet_time() {
        window.add(new Sample(1_000 * MILLI, 5, 0, 0));
        window.add(new Sample(1_001 * MILLI, 9, 0, 0));
        window.addQuiet(Duration.ofSeconds(3600).toNanos());

        assertThat(window.add(sample(3610, 49, 0, 0)).arrivalRate()).isEqualTo(4);
    }

    @Test
    void totals_and_times_may_wrap_round() {
        long start = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos();
        DemandWindow wrapping = new DemandWindow(new Sample(start, Long.MAX_VALUE, Long.MAX_VALUE, start));
        wrapping.addQuiet(start + Duration.ofSeconds(2).toNanos());
        long end = start + Duration.ofSeconds(12).toNanos();

        Demand demand = wrapping.add(new Sample(end, Long.MAX_VALUE + 20, Long.MAX_VALUE + 10, start + 10 * MILLI));

        assertThat(demand).isEqualTo(new Demand(2, 1, Duration.ofMillis(1)));
    }

    @Test
    void the_mean_of_tasks_too_short_to_measure_is_not_zero() {
        assertThat(window.add(sample(1, 5, 5, 0)).averageRun()).isEqualTo(Duration.ofNanos(1));
    }

    @Test
    void the_mean_is_zero_when_nothing_finished() {
        assertThat(window.add(sample(1, 5, 0, 0)).averageRun()).isZero();
    }

    private static Sample sample(long seconds, long accepted, long finished, long runSeconds) {
        return new Sample(
                Duration.ofSeconds(seconds).toNanos(),
                accepted,
                finished,
                Duration.ofSeconds(runSeconds).toNanos());
    }
}

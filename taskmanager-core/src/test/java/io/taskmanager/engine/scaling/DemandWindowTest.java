package io.taskmanager.engine.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.engine.scaling.DemandWindow.Demand;
import io.taskmanager.engine.scaling.DemandWindow.Sample;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DemandWindowTest {

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

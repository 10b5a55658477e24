package io.taskmanager.engine.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CreationTimesTest {

    private static final Duration FAST = Duration.ofMillis(100);
    private static final Duration SLOW = Duration.ofSeconds(20);

    private final CreationTimes times = new CreationTimes();

    @Test
    void nothing_is_typical_before_the_first() {
        assertThat(times.typical()).isZero();
    }

    @Test
    void the_first_alone_is_all_that_is_known() {
        add(SLOW);
        assertThat(times.typical()).isEqualTo(SLOW);
    }

    @Test
    void a_slow_first_one_counts_until_the_second() {
        add(SLOW, FAST);
        assertThat(times.typical()).isEqualTo(FAST);
    }

    @Test
    void one_or_two_that_are_slow_for_once_steer_nothing() {
        add(FAST, FAST, SLOW);
        assertThat(times.typical()).isEqualTo(FAST);

        add(SLOW);
        assertThat(times.typical()).isEqualTo(FAST);
        add(FAST);
        assertThat(times.typical()).isEqualTo(FAST);
    }

    @Test
    void a_lasting_change_is_followed_after_three() {
        add(FAST, FAST, FAST, FAST, FAST, FAST, FAST);
        add(SLOW, SLOW, SLOW);
        assertThat(times.typical()).isEqualTo(SLOW);

        add(FAST, FAST);
        assertThat(times.typical()).isEqualTo(SLOW);
        add(FAST);
        assertThat(times.typical()).isEqualTo(FAST);
    }

    private void add(Duration... creations) {
        for (Duration creation : creations) {
            times.add(creation.toNanos());
        }
    }
}

package io.taskmanager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Backoff PLAIN = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0);

    @Test
    void doubles_up_to_its_maximum() {
        assertThat(PLAIN.delay(1, 0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(PLAIN.delay(2, 0.5)).isEqualTo(Duration.ofMillis(200));
        assertThat(PLAIN.delay(4, 0.5)).isEqualTo(Duration.ofMillis(800));
        assertThat(PLAIN.delay(5, 0.5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(PLAIN.delay(Integer.MAX_VALUE, 0.5)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void jitter_varies_it_in_both_directions() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.2);

        assertThat(backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(80));
        assertThat(backoff.delay(1, 0.5)).isEqualTo(Duration.ofMillis(100));
        assertThat(backoff.delay(1, 1)).isEqualTo(Duration.ofMillis(120));
    }

    @Test
    void none_is_no_delay() {
        assertThat(Backoff.none().delay(7, 0.9)).isZero();
    }

    @Test
    void no_value_makes_it_overflow_or_go_below_zero() {
        Duration centuries = Duration.ofSeconds(Long.MAX_VALUE);
        Duration tick = Duration.ofNanos(1);

        for (double random : new double[] {0, 0.5, Math.nextDown(1.0)}) {
            for (int retry : new int[] {1, 2, Integer.MAX_VALUE}) {
                for (double multiplier : new double[] {1, 2, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
                    assertThat(new Backoff(Duration.ZERO, multiplier, centuries, 1).delay(retry, random))
                            .isZero();
                    assertThat(new Backoff(tick, multiplier, Duration.ofHours(1), 1).delay(retry, random))
                            .isBetween(Duration.ZERO, Duration.ofHours(2));
                    assertThat(new Backoff(tick, multiplier, centuries, 1).delay(retry, random))
                            .isBetween(Duration.ZERO, Duration.ofNanos(Long.MAX_VALUE));
                    assertThat(new Backoff(centuries, multiplier, centuries, 0).delay(retry, random))
                            .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
                }
            }
        }
        assertThat(new Backoff(tick, 1, centuries, 0).delay(Integer.MAX_VALUE, 0.5))
                .isEqualTo(tick);
    }

    @Test
    void bad_values_are_refused_by_name() {
        assertThatThrownBy(() -> Backoff.exponential(Duration.ofMillis(-1), Duration.ZERO))
                .hasMessage("initial must not be negative, but was PT-0.001S");
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, 0.5, Duration.ZERO, 0))
                .hasMessage("multiplier must be at least 1, but was 0.5");
        assertThatThrownBy(() -> Backoff.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("max must be at least initial (PT2S), but was PT1S");
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, 1, Duration.ZERO, Double.NaN))
                .hasMessage("jitter must be from 0 to 1, but was NaN");
        assertThatThrownBy(() -> PLAIN.delay(0, 0.5)).hasMessage("retry must be at least 1, but was 0");
    }
}

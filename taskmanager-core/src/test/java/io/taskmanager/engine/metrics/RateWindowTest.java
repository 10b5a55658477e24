package io.taskmanager.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateWindowTest {

    /** Five seconds before the clock wraps. */
    private static final long START = Long.MAX_VALUE - 5_000_000_000L;

    private final RateWindow window = new RateWindow(START);

    @Test
    void is_zero_before_the_first_event() {
        assertThat(window.perSecond(at(5))).isZero();
    }

    @Test
    void a_young_window_counts_as_one_second() {
        for (int i = 0; i < 10; i++) {
            window.record(at(0));
        }

        assertThat(window.perSecond(at(0.001))).isEqualTo(10);
    }

    @Test
    void a_steady_rate_is_seen_while_the_window_fills_and_after() {
        for (int ms = 0; ms < 30_000; ms += 10) {
            window.record(at(ms / 1000.0));
            if (ms >= 2_000) {
                assertThat(window.perSecond(at(ms / 1000.0))).isCloseTo(100, within(1.0));
            }
        }
    }

    @Test
    void events_leave_with_the_window() {
        for (int i = 0; i < 500; i++) {
            window.record(at(1));
        }

        assertThat(window.perSecond(at(10.5))).isCloseTo(50, within(3.0));
        assertThat(window.perSecond(at(12))).isZero();
        assertThat(window.perSecond(at(1000))).isZero();
    }

    @Test
    void a_slot_is_recycled_without_losing_the_new_event() {
        window.record(at(0));
        window.record(at(10)); // the same place in the ring

        assertThat(window.perSecond(at(10))).isCloseTo(0.1, within(0.01));
    }

    private static long at(double seconds) {
        return START + Duration.ofNanos((long) (seconds * 1e9)).toNanos();
    }
}

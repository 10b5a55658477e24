package io.taskmanager.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final LatencyRecorder recorder = new LatencyRecorder();

    @Test
    void the_mean_is_exact_when_the_sum_is_beyond_a_long() {
        recorder.record(Long.MAX_VALUE);
        recorder.record(Long.MAX_VALUE);
        recorder.record(Long.MAX_VALUE - 5);
        recorder.record(Long.MAX_VALUE - 3);

        assertThat(recorder.average()).isEqualTo(LONGEST.minusNanos(2));
    }

    @Test
    void the_mean_is_exact_when_sums_beyond_a_long_are_added_up() {
        for (int i = 0; i < 3; i++) {
            recorder.record(Long.MAX_VALUE);
        }
        LatencyRecorder all = new LatencyRecorder();
        all.record(Long.MAX_VALUE - 7);
        for (int i = 0; i < 2; i++) {
            all.add(recorder);
        }

        assertThat(all.average()).isEqualTo(LONGEST.minusNanos(1));
    }

    /** Each addition doubles what there is. */
    @Test
    void the_mean_is_exact_after_ten_to_the_eighteenth_waits() {
        recorder.record(Duration.ofSeconds(10).toNanos());
        for (int i = 0; i < 60; i++) {
            LatencyRecorder same = new LatencyRecorder();
            same.add(recorder);
            recorder.add(same);
        }

        assertThat(recorder.average()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void the_longest_of_all_durations_is_the_least_where_it_is_alone() {
        recorder.record(Long.MAX_VALUE);

        assertThat(recorder.min()).isEqualTo(LONGEST);
    }
}

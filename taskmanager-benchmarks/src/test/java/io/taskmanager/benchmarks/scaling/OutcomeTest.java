package io.taskmanager.benchmarks.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    @Test
    void dominatesWhatIsNowhereBetterAndSomewhereWorse() {
        assertThat(outcome(10, 1).dominates(outcome(11, 1))).isTrue();
        assertThat(outcome(10, 1).dominates(outcome(10, 2))).isTrue();
        assertThat(outcome(10, 1).dominates(outcome(10, 1))).isFalse();
        assertThat(outcome(10, 1).dominates(outcome(9, 2))).isFalse();
        assertThat(outcome(10, 1).dominates(outcome(11, 0))).isFalse();
    }

    private static Outcome outcome(double resources, double p95Wait) {
        return new Outcome(0, 0, 0, 0, resources, 0, p95Wait, List.of());
    }
}

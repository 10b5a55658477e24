package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveYieldTest {

    private final AdaptiveYield adaptive = new AdaptiveYield();

    @Test
    void each_in_vain_lets_twice_as_many_pass_up_to_the_most() {
        for (int passes : new int[] {0, 1, 3, 7, 15, 31, AdaptiveYield.MOST, AdaptiveYield.MOST}) {
            assertThat(passed()).isEqualTo(passes);
            adaptive.helped(false);
        }
    }

    @Test
    void one_that_helps_is_followed_by_the_next_at_once() {
        adaptive.helped(false);
        adaptive.helped(false);

        adaptive.helped(true);

        assertThat(passed()).isZero();
    }

    private int passed() {
        int passed = 0;
        while (!adaptive.yieldIfDue()) {
            passed++;
        }
        return passed;
    }
}

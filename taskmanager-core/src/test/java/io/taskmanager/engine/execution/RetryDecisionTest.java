package io.taskmanager.engine.execution;

import static io.taskmanager.engine.execution.RetryDecision.EXHAUSTED;
import static io.taskmanager.engine.execution.RetryDecision.FAIL;
import static io.taskmanager.engine.execution.RetryDecision.RETRY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDecisionTest {

    @ParameterizedTest
    @CsvSource({
        "false, 1, 3, FAIL",
        "false, 4, 3, FAIL",
        "true,  1, 3, RETRY",
        "true,  3, 3, RETRY",
        "true,  4, 3, EXHAUSTED",
        "true,  1, 0, FAIL",
        "true,  2, 1, EXHAUSTED",
    })
    void follows_from_what_is_worth_it_and_the_attempts_left(
            boolean retry, int attempts, int maxRetries, RetryDecision expected) {
        assertThat(RetryDecision.of(retry, attempts, maxRetries)).isEqualTo(expected);
        assertThat(RetryDecision.values()).containsExactly(FAIL, RETRY, EXHAUSTED);
    }
}

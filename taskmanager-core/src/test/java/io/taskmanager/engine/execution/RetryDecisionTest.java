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
        "true,  1, 3, FAIL",
        "true,  4, 3, FAIL",
        "false, 1, 3, RETRY",
        "false, 3, 3, RETRY",
        "false, 4, 3, EXHAUSTED",
        "false, 1, 0, FAIL",
        "false, 2, 1, EXHAUSTED",
    })
    void follows_from_health_and_the_attempts_left(
            boolean healthy, int attempts, int maxRetries, RetryDecision expected) {
        assertThat(RetryDecision.of(healthy, attempts, maxRetries)).isEqualTo(expected);
        assertThat(RetryDecision.values()).containsExactly(FAIL, RETRY, EXHAUSTED);
    }
}

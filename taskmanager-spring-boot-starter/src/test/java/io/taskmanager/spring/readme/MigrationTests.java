package io.taskmanager.spring.readme;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The original's three examples, as the page of migration has them. */
@ExtendWith(OutputCaptureExtension.class)
class MigrationTests {

    @Test
    void a_pool_of_workers_calculates(CapturedOutput output) throws InterruptedException {
        CalculatorExample.main(new String[0]);

        assertThat(output).contains("product: 250", "sum: 35", "difference: 60", "baseWorkers=2");
    }

    @Test
    void a_crash_is_retried_on_another_resource(CapturedOutput output) throws InterruptedException {
        CrashExample.main(new String[0]);

        assertThat(output)
                .containsSubsequence(
                        "failed, and its processor stays: java.lang.IllegalArgumentException: a corrupt picture",
                        "resized in attempt 2",
                        "urgent thumbnail",
                        "preview at once");
    }

    @Test
    void a_burst_has_more_workers_and_is_drained(CapturedOutput output) throws InterruptedException {
        BurstExample.main(new String[0]);

        assertThat(output).containsSubsequence("urgent one done", "type=SCALED", "ShutdownReport[", "activeWorkers=0");
    }
}

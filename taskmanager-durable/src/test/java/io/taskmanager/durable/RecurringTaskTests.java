package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What one node promises of recurring tasks; {@code SeveralNodesTests} has what several do. */
class RecurringTaskTests {

    /** On the 29th of February; its payload can't be had at first. */
    @Configuration(proxyBeanMethods = false)
    static class LeapDay extends Work {

        final AtomicInteger calls = new AtomicInteger();

        @Bean
        RecurringTask<Job> leapDay() {
            return RecurringTask.cron("leapDay", JOB, this::payload, "0 0 0 29 2 *");
        }

        private Job payload() {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("as it was told");
            }
            return new Job("leapDay");
        }
    }

    @Test
    void aTimeWhosePayloadCannotBeHadIsNotLeftOut() {
        try (App app = App.start(LeapDay.class, Database.H2.create())) {
            app.jdbc().update("update taskmanager_recurring set execution_time = current_timestamp"); // it is the 29th

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> !app.script().starts.isEmpty());

            assertThat(app.script().starts).containsExactly("leapDay");
        }
    }
}

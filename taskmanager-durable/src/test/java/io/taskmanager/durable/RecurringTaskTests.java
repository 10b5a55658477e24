package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is queued again and again. */
class RecurringTaskTests {

    @Configuration(proxyBeanMethods = false)
    static class Recurring extends Work {
        @Bean
        RecurringTask<Job> everySecond() {
            return RecurringTask.cron("every-second", JOB, () -> new Job("cron"), "* * * * * *");
        }

        @Bean
        RecurringTask<Job> withDelay() {
            return RecurringTask.fixedDelay("with-delay", JOB, () -> new Job("delay"), Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @EnumSource(Database.class)
    void isQueuedAgainAndAgain(Database database) {
        try (App app = App.start(Recurring.class, database.create())) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(app.script().starts)
                            .filteredOn("cron"::equals)
                            .hasSizeGreaterThanOrEqualTo(2));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(app.script().starts)
                            .filteredOn("delay"::equals)
                            .hasSizeGreaterThanOrEqualTo(2));
        }
    }

    @Test
    void isLeftOutWhileTheOneBeforeHasNotEnded() {
        CountDownLatch gate = new CountDownLatch(1);
        try (App app = App.start(Recurring.class, Database.H2.create())) {
            app.script().behaviour = (context, job) -> {
                gate.await();
                return null;
            };
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> app.script().starts.stream().distinct().count() == 2);
            Instant before = nextTime(app);

            // Its next time has passed at least once, and has queued nothing.
            await().atMost(Duration.ofSeconds(30)).until(() -> !nextTime(app).isBefore(before.plusSeconds(2)));
            long queued = app.client().list(DurableTaskQuery.all().type(Work.JOB)).tasks().stream()
                    .filter(task -> !task.state().isFinal())
                    .count();
            gate.countDown();

            assertThat(queued).isEqualTo(2);
        }
    }

    private static Instant nextTime(App app) {
        return app.jdbc()
                .queryForObject(
                        "select execution_time from taskmanager_recurring where task_name = 'every-second'",
                        Timestamp.class)
                .toInstant();
    }

    @Test
    void saysWhatCantBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurringTask.cron("wrong", Work.JOB, () -> new Job("a"), "every day"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurringTask.fixedDelay("wrong", Work.JOB, () -> new Job("a"), Duration.ZERO));
    }
}

package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class RecurringTaskTests {

    @Configuration(proxyBeanMethods = false)
    static class Recurring extends Work {

        @Bean
        RecurringTask<Job> often() {
            return RecurringTask.fixedDelay("often", JOB, () -> new Job("often"), Duration.ofMillis(50));
        }

        @Bean
        RecurringTask<Job> eachSecond() {
            return RecurringTask.cron("each second", JOB, () -> new Job("cron"), "* * * * * *");
        }
    }

    @ParameterizedTest
    @EachDatabase
    void queuesAgainAndAgainByDelayAndByCron(Database database) {
        try (App app = App.start(Recurring.class, database.create())) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            app.script().starts.stream().filter("often"::equals).count() >= 3
                                    && app.script().starts.stream()
                                                    .filter("cron"::equals)
                                                    .count()
                                            >= 2);
        }
    }

    @Test
    void leavesATimeOutWhileTheOneBeforeHasNotEnded() {
        CountDownLatch gate = new CountDownLatch(1);
        Queue<String> held = new ConcurrentLinkedQueue<>(); // others may have run before the gate was there
        try (App app = App.start(Recurring.class, Database.H2.create())) {
            app.script().behaviour = (context, job) -> {
                held.add(job.text());
                gate.await();
                return null;
            };
            // Both wait, and each time of theirs is left out: db-scheduler notes when it was last looked at.
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> held.size() == 2);
            String looks = "select max(version) from taskmanager_recurring where task_name = 'often'";
            Long before = app.jdbc().queryForObject(looks, Long.class);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> app.jdbc().queryForObject(looks, Long.class) > before + 6);

            assertThat(app.client()
                            .list(DurableTaskQuery.all().state(DurableTaskState.QUEUED))
                            .tasks())
                    .isEmpty();
            assertThat(held).containsExactlyInAnyOrder("often", "cron");
            gate.countDown();
        }
    }

    @Test
    void refusesWhatIsNoSchedule() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurringTask.cron("a", Work.JOB, () -> new Job(""), "never"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurringTask.fixedDelay("a", Work.JOB, () -> new Job(""), Duration.ZERO))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecurringTask<>("a", Work.JOB, () -> new Job(""), null, null, null))
                .withMessageContaining("cron");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecurringTask.fixedDelay(" ", Work.JOB, () -> new Job(""), Duration.ofSeconds(1)));
    }
}

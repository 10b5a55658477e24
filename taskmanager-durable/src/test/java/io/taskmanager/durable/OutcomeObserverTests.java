package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.taskmanager.durable.engine.OutcomeObserver;
import io.taskmanager.durable.engine.StoreNumbers;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is told of tasks, on each database. */
@ParameterizedClass
@EachDatabase
class OutcomeObserverTests {

    /** No node knows it, so its tasks wait. */
    private static final TaskType<Job, String> UNKNOWN = TaskType.of("unknown", Job.class, String.class);

    private final App app;

    OutcomeObserverTests(Database database) {
        app = App.start(Application.class, database.create());
    }

    @AfterEach
    void close() {
        app.close();
    }

    /** Told of, and thrown at, after all was written: there is nothing left that could change. */
    @Test
    void anObserverThatThrowsChangesNothing() throws Exception {
        TaskId id = app.client().queueTask(Work.JOB, new Job("a"));

        assertThat(app.client().await(id, Work.JOB, Duration.ofSeconds(30))).isEqualTo("did a");
        await().untilAsserted(() ->
                assertThat(app.bean(Observed.class).told).containsExactly("job " + DurableTaskState.SUCCEEDED));
        assertThat(app.task(id).attempts()).isEqualTo(1);
    }

    @Test
    void numbersAreThoseOfTheDatabase() {
        CountDownLatch gate = new CountDownLatch(1);
        app.script().behaviour = (context, job) -> {
            gate.await();
            return null;
        };
        try {
            TaskId running = app.client().queueTask(Work.JOB, new Job("a"));
            String node = app.await(running, DurableTaskState.RUNNING).node();
            app.client()
                    .enqueue(DurableTaskRequest.builder(UNKNOWN, new Job("a"))
                            .at(Instant.now().minusSeconds(3600))
                            .build());

            StoreNumbers.Reading numbers = await().until(app.bean(StoreNumbers.class)::latest, Optional::isPresent)
                    .orElseThrow();

            assertThat(numbers.count("job", DurableTaskState.RUNNING)).isEqualTo(1);
            assertThat(numbers.count("unknown", DurableTaskState.QUEUED)).isEqualTo(1);
            assertThat(numbers.oldest()).isBetween(Duration.ofSeconds(3600), Duration.ofSeconds(3900));
            assertThat(numbers.nodes()).singleElement().satisfies(info -> {
                assertThat(info.name()).isEqualTo(node);
                assertThat(info.running()).isEqualTo(1);
            });
        } finally {
            gate.countDown();
        }
    }

    static final class Observed implements OutcomeObserver {

        final List<String> told = new CopyOnWriteArrayList<>();

        @Override
        public void outcome(String type, Kind kind) {
            told.add(type + " " + kind);
            throw new IllegalStateException("no room for numbers");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application extends Work {
        @Bean
        Observed observed() {
            return new Observed();
        }
    }
}

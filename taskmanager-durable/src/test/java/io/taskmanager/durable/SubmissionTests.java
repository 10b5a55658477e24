package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a task brings along from where it was queued. */
class SubmissionTests {

    /** As a tracer's, which writes headers for a sender and reads them for a receiver. */
    static final class Tracer implements ObservationHandler<Observation.Context> {

        final List<String> received = new CopyOnWriteArrayList<>();

        @Override
        @SuppressWarnings("unchecked")
        public void onStart(Observation.Context context) {
            if (context instanceof SenderContext<?> sender) {
                ((SenderContext<Object>) sender).getSetter().set(sender.getCarrier(), "traceparent", "00-4bf9-01");
            }
            if (context instanceof ReceiverContext<?> receiver) {
                received.add(String.valueOf(
                        ((ReceiverContext<Object>) receiver).getGetter().get(receiver.getCarrier(), "traceparent")));
            }
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Traced extends Work {

        @Bean
        Tracer tracer() {
            return new Tracer();
        }
    }

    @Test
    void aTaskRunsInTheTraceThatItWasQueuedIn() throws Exception {
        try (App app = App.start(Traced.class, Database.H2.create())) {
            TaskId id = app.client().queueTask(Work.JOB, new Job("a"));
            app.client().await(id, Work.JOB, Duration.ofSeconds(30));

            assertThat(app.bean(Tracer.class).received).containsExactly("00-4bf9-01");
        }
    }

    @Test
    void aTaskHasTheLogContextThatItWasQueuedWith() throws Exception {
        try (App app = App.start(Database.H2.create())) {
            app.script().behaviour = (context, job) -> MDC.get("tenant");
            TaskId id;
            try (MDC.MDCCloseable ignored = MDC.putCloseable("tenant", "acme")) {
                id = app.client().queueTask(Work.JOB, new Job("a"));
            }
            TaskId without = app.client().queueTask(Work.JOB, new Job("b"));

            assertThat(app.client().await(id, Work.JOB, Duration.ofSeconds(30))).isEqualTo("acme");
            assertThat(app.client().await(without, Work.JOB, Duration.ofSeconds(30)))
                    .isNull();
        }
    }
}

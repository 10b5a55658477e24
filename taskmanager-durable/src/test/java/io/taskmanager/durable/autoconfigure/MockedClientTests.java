package io.taskmanager.durable.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.verify;

import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.RecurringTask;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.testkit.Work;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/** A test's own client stands where the application has its, and the node beside it works on. */
class MockedClientTests {

    private static final String URL = "spring.datasource.url=jdbc:h2:mem:";
    private static final String ENABLED = "taskmanager.durable.enabled=true";
    private static final String MANAGER = "taskmanager.managers.work.worker-count=2";

    @Configuration(proxyBeanMethods = false)
    static class Application extends Work {

        @Bean
        RecurringTask<Job> often() {
            return RecurringTask.fixedDelay("often", JOB, () -> new Job("often"), Duration.ofMillis(50));
        }
    }

    @Nested
    @SpringBootTest(
            classes = Application.class,
            properties = {URL + "mocked", ENABLED, MANAGER})
    class Mocked {

        @MockitoBean
        DurableTaskClient client;

        @Autowired
        DurableNode node;

        @Autowired
        Work.Script script;

        @Test
        void nodeRunsWhatRecurs() {
            assertThat(mockingDetails(client).isMock()).isTrue();
            assertThat(node.isRunning()).isTrue();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> script.starts.size() >= 2);
        }
    }

    @Nested
    @SpringBootTest(
            classes = Work.class,
            properties = {URL + "spied", ENABLED, MANAGER, "taskmanager.durable.polling-interval=1h"})
    class Spied {

        @MockitoSpyBean
        DurableTaskClient client;

        @Autowired
        Work.Script script;

        /** The node is told of what was queued: it looks by itself once an hour. */
        @Test
        void nodeRunsWhatTheSpyQueues() {
            Work.Job job = new Work.Job("spied");
            client.queueTask(Work.JOB, job);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> script.starts.contains("spied"));
            verify(client).queueTask(Work.JOB, job);
        }
    }
}

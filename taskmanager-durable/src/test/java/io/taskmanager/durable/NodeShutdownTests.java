package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.EachDatabase;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;

/** What becomes of tasks when their node goes as it should. */
class NodeShutdownTests {

    private static final String QUEUES_ONLY = "taskmanager.durable.worker.enabled=false";

    @ParameterizedTest
    @EachDatabase
    void whatRunsIsDoneAndWhatWaitsIsLeft(Database database) throws Exception {
        String url = database.create();
        try (App queuing = App.start(url, QUEUES_ONLY)) {
            App node = App.start(url);
            CountDownLatch gate = new CountDownLatch(1);
            node.script().behaviour = (context, job) -> {
                gate.await();
                return "done";
            };
            TaskId running = queuing.client().queueTask(Work.JOB, new Job("a"));
            TaskId once = queuing.client().queueTaskOnce(Work.JOB, new Job("b"));
            Awaitility.await().until(() -> node.script().starts.size() == 2);
            TaskId waiting = queuing.client().queueTask(Work.JOB, new Job("c"));
            Thread close = new Thread(node::close, "close");
            close.start();
            Awaitility.await()
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .anyMatch(thread -> thread.getName().equals("durable-stop")));
            gate.countDown();
            close.join();

            assertThat(queuing.task(running).state()).isEqualTo(DurableTaskState.SUCCEEDED);
            assertThat(queuing.task(once).state()).isEqualTo(DurableTaskState.SUCCEEDED);
            assertThat(queuing.task(waiting).state()).isEqualTo(DurableTaskState.QUEUED);
        }
    }

    @ParameterizedTest
    @EachDatabase
    void whatDoesNotEndInTimeIsDeliveredAgainOrFailed(Database database) {
        String url = database.create();
        try (App queuing = App.start(url, QUEUES_ONLY)) {
            App node = App.start(url, "spring.lifecycle.timeout-per-shutdown-phase=5s");
            node.script().behaviour = (context, job) -> {
                new CountDownLatch(1).await();
                return "never";
            };
            TaskId again = queuing.client().queueTask(Work.JOB, new Job("a"));
            TaskId once = queuing.client().queueTaskOnce(Work.JOB, new Job("b"));
            Awaitility.await().until(() -> node.script().starts.size() == 2);

            node.close();

            DurableTask queued = queuing.task(again);
            assertThat(queued.state()).isEqualTo(DurableTaskState.QUEUED);
            assertThat(queued.attempts()).isEqualTo(1);
            assertThat(queuing.task(once).state()).isEqualTo(DurableTaskState.FAILED);
        }
    }
}

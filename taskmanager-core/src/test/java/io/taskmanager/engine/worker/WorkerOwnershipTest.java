package io.taskmanager.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who owns a task, and for how long: a worker that has given one back must not touch it again. */
class WorkerOwnershipTest {

    private final AtomicInteger created = new AtomicInteger();

    private TaskManagerConfig.Builder<Integer> config() {
        return TaskManagerConfig.builder(ResourceFactory.of(created::incrementAndGet, resource -> {}))
                .name("ownership");
    }

    /**
     * Worker A re-queues its task, worker B takes it, and then A comes back for its next one. If A still ended what it had
     * run, B's task would vanish from the books: not busy, not found by a kill, not waited for by a stop.
     */
    @Test
    void a_task_given_back_belongs_to_whoever_takes_it_next() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        TaskManager<Integer, Object> manager = TaskManagers.create(config().workerCount(2)
                .maxWorkerCount(2)
                .retryBackoff(Backoff.none())
                .healthCheck(error -> false)
                .build());
        CompletableFuture<String> retried = manager.queueTaskAsync((context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("broken");
            }
            hold.await();
            return "held";
        });
        Awaitility.await().until(() -> created.get() == 3 && manager.stats().activeWorkers() == 2);
        Awaitility.await().until(() -> manager.stats().busyWorkers() == 1);
        // Every other worker has come back for its next task once this one has been answered.
        manager.<String>queueTask((context, resource) -> "other");

        Awaitility.await().until(() -> manager.stats().busyWorkers() <= 1);
        assertThat(manager.stats().busyWorkers()).isEqualTo(1);
        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));
        assertThatThrownBy(retried::get).isInstanceOf(TaskCancelledException.class);
    }

    /** What hangs on a future runs on the worker that completes it: a stop from there would wait for itself. */
    @Test
    void a_stop_from_what_hangs_on_a_future_is_refused() throws Exception {
        try (TaskManager<Integer, Object> manager =
                TaskManagers.create(config().workerCount(1).build())) {
            CountDownLatch attached = new CountDownLatch(1);
            CompletableFuture<Void> stopped = manager.<Integer>queueTaskAsync((context, resource) -> {
                        attached.await();
                        return resource;
                    })
                    .thenAccept(resource -> manager.stop());
            attached.countDown();

            assertThatThrownBy(stopped::get).hasCauseInstanceOf(IllegalStateException.class);
        }
    }
}

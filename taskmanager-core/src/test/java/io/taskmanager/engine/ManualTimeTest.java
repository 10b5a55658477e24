package io.taskmanager.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.ManualTimer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whole managers whose time moves only when the test says so. */
class ManualTimeTest {

    private final ManualTimer timer = new ManualTimer();
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicBoolean factoryBroken = new AtomicBoolean();

    private TaskManagerConfig.Builder<Integer> config() {
        ResourceFactory<Integer> factory = ResourceFactory.of(
                () -> {
                    if (factoryBroken.get()) {
                        throw new IOException("no connection");
                    }
                    return created.incrementAndGet();
                },
                resource -> {});
        return TaskManagerConfig.builder(factory).name("manual").workerCount(1);
    }

    @Test
    void a_retry_runs_when_its_back_off_is_over_and_not_before() throws Exception {
        Backoff backoff = new Backoff(Duration.ofSeconds(5), 1, Duration.ofSeconds(5), 0);
        try (TaskManager<Integer, Object> manager = TaskManagers.create(
                config().retryBackoff(backoff)
                        .healthCheck(error -> false)
                        .burstInterval(Duration.ZERO)
                        .build(),
                timer)) {
            CompletableFuture<Integer> future = manager.queueTaskAsync((context, resource) -> {
                if (context.attempt() == 1) {
                    throw new IOException("broken");
                }
                return resource;
            });
            Awaitility.await().until(() -> manager.stats().retryingTasks() == 1);

            timer.advance(Duration.ofMillis(4_999));
            assertThat(manager.<Integer>queueTask((context, resource) -> resource))
                    .isEqualTo(2); // the worker is free meanwhile
            assertThat(future).isNotDone();

            timer.advance(Duration.ofMillis(1));
            assertThat(future.get()).isEqualTo(2);
        }
    }

    @Test
    void an_outage_is_probed_when_its_back_off_is_over() throws Exception {
        factoryBroken.set(true);
        try (TaskManager<Integer, Object> manager = TaskManagers.create(
                config().startupPolicy(StartupPolicy.LENIENT)
                        .burstInterval(Duration.ZERO)
                        .build(),
                timer)) {
            CompletableFuture<Integer> future = manager.queueTaskAsync((context, resource) -> resource);
            Awaitility.await().until(() -> manager.control().isOutage());
            factoryBroken.set(false);
            assertThat(future).isNotDone();

            timer.advance(Duration.ofMillis(121));

            assertThat(future.get()).isEqualTo(1);
        }
    }

    @Test
    void the_default_policy_grows_by_the_backlog_and_shrinks_after_the_idle_grace() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (TaskManager<Integer, Object> manager =
                TaskManagers.create(config().maxWorkerCount(4).build(), timer)) {
            for (int i = 0; i < 10; i++) {
                manager.queueTaskAsync((context, resource) -> {
                    gate.await();
                    return resource;
                });
            }
            Awaitility.await().until(() -> manager.stats().busyWorkers() == 1);
            timer.advance(Duration.ofMillis(100));
            Awaitility.await().until(() -> manager.stats().busyWorkers() == 4);
            assertThat(manager.stats().burstWorkers()).isEqualTo(3);

            gate.countDown();
            Awaitility.await()
                    .until(() -> manager.stats().busyWorkers() == 0
                            && manager.stats().queuedTasks() == 0);
            timer.advance(Duration.ofMillis(100)); // sees them idle
            assertThat(manager.stats().activeWorkers()).isEqualTo(4);
            timer.advance(Duration.ofMillis(1_100));
            Awaitility.await().until(() -> manager.stats().activeWorkers() == 1);
            assertThat(created).hasValue(4);
        }
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.TaskStats;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stats: plain counters that never go negative, never drift, and agree with one another. */
class StatsTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    @Test
    void showsAnIdleManager() {
        var manager = bed.manager(config -> config.workerCount(3).resourcePoolSize(2));

        Await.untilAsserted(
                () -> assertThat(manager.stats()).isEqualTo(new TaskStats(3, 3, 0, 0, 0, 2, 0, 0, 0, 0, false)));
    }

    @Test
    void showsBusyWorkersAndBothLanes() {
        var manager = bed.manager(config -> config.workerCount(2).resourcePoolSize(0));
        bed.occupy(manager, 2);
        for (int i = 0; i < 5; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        }
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> null);
        }

        assertThat(manager.stats()).isEqualTo(new TaskStats(2, 2, 0, 5, 3, 0, 2, 0, 0, 0, false));
    }

    @Test
    void showsWorkersThatCreateTheirResource() {
        Gate gate = bed.gate();
        bed.factory().next(ScriptedFactory.succeed()).otherwise(ScriptedFactory.block(gate, ScriptedFactory.succeed()));
        var manager = bed.manager(config -> config.workerCount(3).resourcePoolSize(0));

        Await.untilAsserted(() -> {
            assertThat(manager.stats().activeWorkers()).isEqualTo(1);
            assertThat(manager.stats().startingWorkers()).isEqualTo(2);
        });
        gate.open();
        Await.untilAsserted(() -> {
            assertThat(manager.stats().activeWorkers()).isEqualTo(3);
            assertThat(manager.stats().startingWorkers()).isZero();
        });
    }

    @Test
    void showsNothingAfterTheEnd() {
        var manager = bed.manager(config -> config.workerCount(2).resourcePoolSize(2));
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).await();

        manager.stop();

        assertThat(manager.stats()).isEqualTo(new TaskStats(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, false));
    }

    @Test
    void neverShowsANumberThatCannotBe() throws Exception {
        var manager = bed.manager(config -> config.workerCount(2)
                .maxWorkerCount(4)
                .burstInterval(Duration.ofMillis(1))
                .queueCapacity(50)
                .priorityQueueCapacity(50)
                .healthCheck(error -> false)
                .maxRetries(1));
        var over = new AtomicBoolean();
        var samples = new AtomicInteger();
        List<TaskStats> impossible = new ArrayList<>();
        Thread sampler = new Thread(() -> {
            while (!over.get()) {
                TaskStats stats = manager.stats();
                samples.incrementAndGet();
                if (!isPossible(stats)) {
                    impossible.add(stats);
                }
            }
        });
        sampler.start();
        List<EntryPoint> forms = EntryPoint.nonBlocking().toList();
        List<Answer<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            boolean fail = i % 50 == 0;
            Answer<Object> answer = bed.call(forms.get(i % forms.size()), manager, (context, resource) -> {
                if (fail) {
                    throw new IOException();
                }
                return null;
            });
            if (i % 7 == 0 && answer.future() != null) {
                answer.future().cancel(true);
            }
            answers.add(answer);
        }
        answers.forEach(Answer::await);
        over.set(true);
        sampler.join();

        assertThat(samples.get()).isPositive();
        assertThat(impossible).isEmpty();
        Await.untilAsserted(() -> {
            TaskStats stats = manager.stats();
            assertThat(stats.queuedTasks()).isZero();
            assertThat(stats.priorityTasks()).isZero();
            assertThat(stats.retryingTasks()).isZero();
            assertThat(stats.busyWorkers()).isZero();
        });
    }

    @Test
    void neverShowsMoreBusyWorkersThanThereAre() throws Exception {
        var manager = bed.manager(config -> config.workerCount(2)
                .resourcePoolSize(0)
                .healthCheck(error -> false)
                .creationBackoff(Backoff.none())); // so many in a row are an outage
        var over = new AtomicBoolean();
        List<TaskStats> impossible = new ArrayList<>();
        Thread sampler = new Thread(() -> {
            while (!over.get()) {
                TaskStats stats = manager.stats();
                if (stats.busyWorkers() > stats.activeWorkers()) {
                    impossible.add(stats);
                }
            }
        });
        sampler.start();
        // Each breaks its resource, so that its worker goes from busy to starting.
        IntStream.range(0, 5_000)
                .mapToObj(i -> bed.call(EntryPoint.QUEUE_TASK_ONCE_ASYNC, manager, (context, resource) -> {
                    throw new IOException("unhealthy");
                }))
                .toList()
                .forEach(Answer::await);
        over.set(true);
        sampler.join();

        assertThat(impossible).isEmpty();
    }

    private static boolean isPossible(TaskStats stats) {
        return stats.baseWorkers() == 2
                && stats.activeWorkers() >= 0
                && stats.startingWorkers() >= 0
                && stats.activeWorkers() + stats.startingWorkers() <= 4
                && stats.burstWorkers() == Math.max(0, stats.activeWorkers() - stats.baseWorkers())
                && stats.busyWorkers() >= 0
                && stats.busyWorkers() <= stats.activeWorkers()
                && stats.queuedTasks() >= 0
                && stats.queuedTasks() <= 50
                && stats.priorityTasks() >= 0
                && stats.priorityTasks() <= 50
                && stats.retryingTasks() >= 0
                && stats.availableResources() >= 0
                && stats.temporaryResources() == 0
                && !stats.paused();
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Metrics: a collector of the user's is told of each task's arrival, and of its one end. */
class CollectorTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final RecordingCollector collector = new RecordingCollector();

    @Test
    void givesTheMetricsOfTheCollector() {
        assertThat(manager().metrics()).isSameAs(RecordingCollector.METRICS);
    }

    @EveryEntryPoint
    void recordsACompletion(EntryPoint entry) {
        Instant start = Instant.now();
        long before = System.nanoTime();
        bed.call(entry, manager(), (context, resource) -> null).value();
        long after = System.nanoTime();
        Instant end = Instant.now();

        assertThat(collector.arrivals()).isEqualTo(1);
        assertThat(collector.completions()).hasSize(1);
        assertThat(collector.terminals()).isEqualTo(1);
        TaskLifecycleTimestamps stamps = collector.completions().get(0);
        assertThat(stamps.queuedNanos() - before).isNotNegative();
        assertThat(stamps.startedNanos() - stamps.queuedNanos()).isNotNegative();
        assertThat(stamps.finishedNanos() - stamps.startedNanos()).isNotNegative();
        assertThat(after - stamps.finishedNanos()).isNotNegative();
        assertThat(stamps.waitTime()).isEqualTo(Duration.ofNanos(stamps.startedNanos() - stamps.queuedNanos()));
        assertThat(stamps.executionTime()).isEqualTo(Duration.ofNanos(stamps.finishedNanos() - stamps.startedNanos()));
        assertThat(stamps.queuedAt()).isBetween(start.minusSeconds(1), end.plusSeconds(1));
        assertThat(stamps.startedAt()).isBetween(start.minusSeconds(1), end.plusSeconds(1));
        assertThat(stamps.finishedAt()).isBetween(start.minusSeconds(1), end.plusSeconds(1));
    }

    @EveryEntryPoint
    void recordsAFailure(EntryPoint entry) {
        bed.call(entry, manager(), (context, resource) -> {
                    throw new IOException();
                })
                .error();

        assertThat(collector.arrivals()).isEqualTo(1);
        assertThat(collector.failures()).hasSize(1);
        assertThat(collector.terminals()).isEqualTo(1);
        assertThat(collector.failures().get(0).executionTime()).isPositive();
    }

    @EveryRetriedForm
    void recordsRetriesAndTheTimesOfTheLastAttempt(EntryPoint entry) {
        List<Long> starts = new ArrayList<>();
        bed.call(entry, manager(), (context, resource) -> {
                    starts.add(System.nanoTime());
                    if (context.attempt() < 3) {
                        throw new IOException();
                    }
                    return null;
                })
                .value();

        assertThat(collector.retries()).isEqualTo(2);
        assertThat(collector.terminals()).isEqualTo(1);
        TaskLifecycleTimestamps stamps = collector.completions().get(0);
        assertThat(stamps.queuedNanos()).isLessThan(starts.get(0));
        assertThat(stamps.startedNanos()).isBetween(starts.get(1), starts.get(2));
    }

    @EveryAsyncForm
    void recordsACancellationOfAQueuedAndOfARunningTask(EntryPoint entry) {
        var manager = manager();
        Gate gate = bed.gate();
        Answer<Object> running = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        Answer<Object> queued = bed.call(entry, manager, (context, resource) -> null);

        queued.future().cancel(true);
        running.future().cancel(true);
        manager.stop();

        assertThat(collector.cancellations()).isEqualTo(2);
        assertThat(collector.arrivals()).isEqualTo(2);
        assertThat(collector.terminals()).isEqualTo(2);
    }

    @EveryEntryPoint
    void recordsARejectionAndNoArrival(EntryPoint entry) {
        var manager = manager();
        manager.stop();

        bed.call(entry, manager, (context, resource) -> null).error();

        assertThat(collector.rejections()).isEqualTo(1);
        assertThat(collector.arrivals()).isZero();
        assertThat(collector.terminals()).isZero();
    }

    @EveryNonBlockingForm
    void recordsOneEndForEachAcceptedTaskWhateverItsEnd(EntryPoint entry) {
        var manager = bed.manager(config -> config.workerCount(2)
                .collector(collector)
                .queueCapacity(200)
                .priorityQueueCapacity(200)
                .maxRetries(1)
                .healthCheck(error -> !(error instanceof IOException)));
        List<Answer<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int number = i;
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
                if (number % 11 == 0) {
                    throw new IOException();
                }
                if (number % 7 == 0) {
                    throw new IllegalStateException();
                }
                return null;
            });
            if (number % 5 == 0 && entry.isAsync()) {
                answer.future().cancel(true);
            }
            answers.add(answer);
        }
        manager.kill();
        answers.forEach(Answer::await);

        long values = answers.stream().filter(answer -> !answer.isError()).count();
        assertThat((long) collector.completions().size()).isEqualTo(values);
        assertThat(collector.arrivals() + collector.rejections()).isEqualTo(answers.size());
        assertThat(collector.terminals()).isEqualTo(collector.arrivals());
    }

    @Test
    void recordsATaskThatGaveUpWaitingForAResourceAsARejection() {
        var manager = bed.manager(config -> config.collector(collector)
                .resourcePoolSize(0)
                .maxTemporaryResources(0)
                .acquireTimeout(Duration.ZERO));

        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).error();

        assertThat(collector.rejections()).isEqualTo(1);
        assertThat(collector.arrivals()).isZero();
    }

    @Test
    void recordsTheTaskOfAnInterruptedCallerAsCancelled() {
        var manager = manager();
        bed.occupy(manager, 1);
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null);
        Await.until("the task in its lane", () -> manager.stats().queuedTasks() == 1);

        answer.caller().interrupt();
        answer.error(InterruptedException.class);

        assertThat(collector.cancellations()).isEqualTo(1);
    }

    private TaskManager<Resource, Object> manager() {
        return bed.manager(config -> config.collector(collector).healthCheck(error -> false));
    }
}

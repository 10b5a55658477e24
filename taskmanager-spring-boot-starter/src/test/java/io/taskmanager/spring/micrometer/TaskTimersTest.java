package io.taskmanager.spring.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskOutcome;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TaskTimersTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TaskTimers timers = new TaskTimers(meters, Set.of("images"));

    @Test
    void timesTheRunByOutcomeAndTheWaitByLane() {
        timers.taskFinished(event(TaskLane.PRIORITY, TaskOutcome.FAILED, 2));

        Timer execution = timer("taskmanager.tasks.execution", "outcome", "failed");
        assertThat(execution.count()).isEqualTo(1);
        assertThat(execution.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        Timer waiting = timer("taskmanager.tasks.wait", "lane", "priority");
        assertThat(waiting.count()).isEqualTo(1);
        assertThat(waiting.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
    }

    @Test
    void hasEveryOutcomeAndLaneFromTheStart() {
        assertThat(meters.get("taskmanager.tasks.execution").timers()).hasSize(4);
        assertThat(meters.get("taskmanager.tasks.wait").timers())
                .hasSize(3)
                .allSatisfy(timer -> assertThat(timer.getId().getDescription()).isNotBlank());
        assertThat(timer("taskmanager.tasks.execution", "outcome", "timed_out").count())
                .isZero();
    }

    @Test
    void hasAboutTwelveBuckets() {
        timers.taskFinished(event(TaskLane.MAIN, TaskOutcome.COMPLETED, 1));

        assertThat(timer("taskmanager.tasks.execution", "outcome", "completed")
                        .takeSnapshot()
                        .histogramCounts())
                .hasSize(12);
    }

    @Test
    void skipsATaskThatNeverStarted() {
        timers.taskFinished(event(TaskLane.MAIN, TaskOutcome.CANCELLED, 0));

        assertThat(timer("taskmanager.tasks.execution", "outcome", "cancelled").count())
                .isZero();
        assertThat(timer("taskmanager.tasks.wait", "lane", "main").count()).isZero();
    }

    private Timer timer(String meter, String tag, String value) {
        return meters.get(meter).tag("name", "images").tag(tag, value).timer();
    }

    private static TaskFinished event(TaskLane lane, TaskOutcome outcome, int attempts) {
        long queued = 1_000_000;
        return new TaskFinished(
                "images",
                "task",
                lane,
                outcome,
                attempts,
                Map.of(),
                (context, resource) -> null,
                new TaskLifecycleTimestamps(queued, queued + 20_000_000, queued + 50_000_000));
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskOptions;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The manager's {@code deadline}, for the tasks whose options have none. */
class DeadlineSettingTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryQueueForm
    void aTaskThatWaitsIsAnsweredWhenItIsOver(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.deadline(LIMIT));
        Gate gate = bed.gate();
        bed.submit(
                manager,
                TaskOptions.builder().priority().deadline(Instant.now().plus(LIMIT.multipliedBy(10))),
                (c, r) -> {
                    gate.pass();
                    return null;
                });
        gate.awaitArrivals(1);
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);
        Await.until(
                "a waiting task",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);

        bed.timer().advance(LIMIT);

        assertThat(answer.error(TaskTimeoutException.class)).hasMessageContaining("missed its deadline");
    }

    @EveryQueueForm
    void aTaskThatRunsIsCancelledWhenItIsOver(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.deadline(LIMIT));
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
    }

    @Test
    void aTaskIsToldOfIt() {
        var manager = bed.manager(config -> config.deadline(LIMIT));
        Instant before = Instant.now();

        Instant deadline = bed.call(
                        EntryPoint.QUEUE_TASK_ASYNC,
                        manager,
                        (context, resource) -> context.deadline().orElseThrow())
                .value();

        assertThat(deadline).isBetween(before.plus(LIMIT), Instant.now().plus(LIMIT));
    }
}

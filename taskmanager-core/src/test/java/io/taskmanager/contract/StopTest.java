package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.taskmanager.Backoff;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stop: refuses new work, drains what was accepted without cancelling anything, leaves no resource and no thread. */
class StopTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final AtomicBoolean disturbed = new AtomicBoolean();

    @EveryQueueForm
    void drainsEveryLaneWithoutCancelling(EntryPoint entry) {
        var manager = bed.manager(config -> config.workerCount(2));
        Gate gate = bed.gate();
        List<Answer<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            answers.add(bed.call(entry, manager, (context, resource) -> {
                gate.pass();
                disturbed.compareAndSet(false, context.isCancelled() || Thread.interrupted());
                return number;
            }));
        }
        gate.awaitArrivals(2);
        Await.until("eight tasks in their lane", () -> depth(manager) == 8);

        Background<ShutdownReport> stop = stopInBackground(manager);
        assertThat(answers).noneMatch(Answer::isDone);
        gate.open();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(10, 0, 0, 0, 0));
        for (int i = 0; i < 10; i++) {
            assertThat(answers.get(i).value()).isEqualTo(i);
        }
        assertThat(disturbed.get()).isFalse();
    }

    @EveryRetriedForm
    void drainsRetriesThatAreInBackoff(EntryPoint entry) {
        Duration delay = Duration.ofMillis(100);
        var manager =
                bed.manager(config -> config.healthCheck(error -> false).retryBackoff(new Backoff(delay, 1, delay, 0)));
        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() < 3) {
                throw new IOException("unhealthy");
            }
            disturbed.compareAndSet(false, context.isCancelled() || Thread.interrupted());
            return context.attempt();
        });
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        ShutdownReport report = manager.stop();

        assertThat(answer.value()).isEqualTo(3);
        assertThat(disturbed.get()).isFalse();
        assertThat(report).isEqualTo(new ShutdownReport(1, 0, 0, 0, 0));
    }

    @EveryEntryPoint
    void waitsForARunningTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            disturbed.compareAndSet(false, context.isCancelled() || Thread.interrupted());
            return "finished";
        });
        gate.awaitArrivals(1);

        Background<ShutdownReport> stop = stopInBackground(manager).parked();
        gate.open();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(1, 0, 0, 0, 0));
        assertThat(answer.value()).isEqualTo("finished");
        assertThat(disturbed.get()).isFalse();
    }

    @Test
    void reportsWhatFailed() {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                throw new IOException();
            });
        }
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        Background<ShutdownReport> stop = stopInBackground(manager);
        gate.open();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(2, 3, 0, 0, 0));
    }

    @Test
    void reportsNothingThatEndedBefore() {
        var manager = bed.manager(config -> config);
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        Await.until("an idle manager", () -> manager.stats().busyWorkers() == 0);

        assertThat(manager.stop()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 0));
    }

    @EveryEntryPoint
    void refusesNewTasksWhileItDrains(EntryPoint entry) {
        var manager = bed.manager(config -> config.resourcePoolSize(1));
        Gate gate = bed.occupy(manager, 1);
        Background<ShutdownReport> stop = stopInBackground(manager);

        TaskRejectedException error =
                bed.call(entry, manager, (context, resource) -> null).error(TaskRejectedException.class);

        assertThat(error.reason()).isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
        assertThat(error).message().contains("test");
        gate.open();
        assertThat(stop.value().completed()).isEqualTo(1);
    }

    @EveryEntryPoint
    void refusesNewTasksAfterItsEnd(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        manager.stop();

        assertThat(bed.call(entry, manager, (context, resource) -> null)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
    }

    @Test
    void leavesNoResourceAndNoThread() {
        var manager = bed.manager(config -> config.workerCount(3).resourcePoolSize(2));
        for (int i = 0; i < 20; i++) {
            bed.call(EntryPoint.QUEUE_TASK_WITH_CALLBACK, manager, (context, resource) -> null);
            bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null);
        }

        manager.stop();

        assertThat(bed.factory().alive()).isEmpty();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());
    }

    @EveryQueueForm
    void killsWhatIsLeftAfterTheTimeout(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> running = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        Answer<Object> queued = bed.call(entry, manager, (context, resource) -> null);
        Await.until("a task in its lane", () -> depth(manager) == 1);

        ShutdownReport report = manager.stop(Duration.ofMillis(30));

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 1, 0));
        running.error(TaskCancelledException.class);
        queued.error(TaskCancelledException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void killsAtOnceWithATimeoutOfZero() {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);

        assertThat(manager.stop(Duration.ZERO)).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void drainsWithinTheTimeout() {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "drained");
        Background<ShutdownReport> stop = Background.start(() -> manager.stop(Duration.ofDays(10_000)));
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);

        gate.open();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(2, 0, 0, 0, 0));
        assertThat(answer.value()).isEqualTo("drained");
    }

    @Test
    void takesATimeoutOfAnyLength() {
        var manager = bed.manager(config -> config);

        manager.stop(ChronoUnit.FOREVER.getDuration());

        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void killsAfterTheTimeoutThoughADestructionHangs() {
        Gate destruction = bed.gate();
        var manager = bed.manager(config -> config.resourcePoolSize(1).stuckTaskGrace(Duration.ofSeconds(1)));
        Await.until(
                "both resources",
                () -> manager.stats().availableResources() == 1
                        && manager.stats().activeWorkers() == 1);
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            bed.gate().pass();
            return null;
        });
        Await.until("a running task", () -> manager.stats().busyWorkers() == 1);
        bed.factory().onDestroy(resource -> destruction.passIgnoringInterrupts());

        Background<ShutdownReport> stop = Background.start(() -> manager.stop(Duration.ofMillis(50)));

        answer.error(TaskCancelledException.class);
        assertThat(stop.value().cancelled()).isEqualTo(1);
        assertThat(destruction.isOpen()).isFalse();
    }

    @Test
    void refusesANegativeTimeout() {
        var manager = bed.manager(config -> config);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.stop(Duration.ofMillis(-1)))
                .withMessageContaining("PT-0.001S");
        assertThat(manager.state()).isEqualTo(TaskManagerState.RUNNING);
    }

    @Test
    void refusesToStopTwice() {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        Background<ShutdownReport> stop = stopInBackground(manager);

        assertThatIllegalStateException().isThrownBy(manager::stop);
        assertThatIllegalStateException().isThrownBy(() -> manager.stop(Duration.ZERO));
        gate.open();
        assertThat(stop.value().completed()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(manager::stop);
        assertThatIllegalStateException().isThrownBy(manager::kill);
    }

    @EveryEntryPoint
    void refusesToStopFromWithinATask(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        for (String how : List.of("stop", "stop(timeout)", "kill")) {
            TaskExecutionException error = bed.call(entry, manager, (context, resource) -> switch (how) {
                        case "stop" -> manager.stop();
                        case "kill" -> manager.kill();
                        default -> manager.stop(Duration.ofSeconds(1));
                    })
                    .error(TaskExecutionException.class);
            assertThat(error).as(how).cause().isExactlyInstanceOf(IllegalStateException.class);
        }

        assertThat(manager.state()).isEqualTo(TaskManagerState.RUNNING);
    }

    @EveryAsyncForm
    void refusesToStopFromWithinATaskThatWasCancelledAndStillRuns(EntryPoint entry) {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(100)));
        Gate gate = bed.gate();
        var thrown = new AtomicReference<Throwable>();
        Gate end = bed.gate();
        end.open();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            thrown.set(catchThrowable(() -> manager.stop(Duration.ofMillis(100))));
            end.pass();
            return null;
        });
        gate.awaitArrivals(1);
        answer.future().cancel(false);

        gate.open();

        end.awaitArrivals(1);
        assertThat(thrown.get()).isExactlyInstanceOf(IllegalStateException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.RUNNING);
    }

    @EveryAsyncForm
    void refusesToStopFromAStageThatRunsOnTheWorker(EntryPoint entry) {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(100)));
        Gate gate = bed.gate();
        var worker = new AtomicReference<Thread>();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            worker.set(Thread.currentThread());
            gate.pass();
            return null;
        });
        var stage = answer.future().handle((value, error) -> {
            assertThat(Thread.currentThread()).isSameAs(worker.get());
            return catchThrowable(() -> manager.stop(Duration.ofMillis(100)));
        });
        gate.awaitArrivals(1);

        gate.open();

        assertThat(stage.join()).isExactlyInstanceOf(IllegalStateException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.RUNNING);
    }

    @EveryCallbackForm
    void stopsFromACallback(EntryPoint entry) {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofDays(1)));
        var report = new AtomicReference<ShutdownReport>();

        entry.callWithCallback(
                manager, TestBed.watched((context, resource) -> null), (value, error) -> report.set(manager.stop()));

        Await.until("the end of the stop", () -> report.get() != null);
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void stopsFromWithinATaskOfAnotherManager() {
        var manager = bed.manager(config -> config);
        var other = bed.manager(config -> config);

        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> other.stop())
                .value();

        assertThat(other.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void closesAsOftenAsAsked() {
        var manager = bed.manager(config -> config);
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "drained");

        manager.close();
        manager.close();

        assertThat(answer.value()).isEqualTo("drained");
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void closesAfterAStopAndAfterAKill() {
        var stopped = bed.manager(config -> config);
        var killed = bed.manager(config -> config);
        stopped.stop();
        killed.kill();

        stopped.close();
        killed.close();

        assertThat(stopped.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(killed.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void closeKillsAfterTheStopTimeout() {
        var manager = bed.manager(config -> config.stopTimeout(Duration.ofMillis(30)));
        Gate gate = bed.occupy(manager, 1);

        manager.close();

        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void anInterruptTurnsAStopIntoAKill() {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> running = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        Answer<Object> queued = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        var kept = new AtomicBoolean();
        Background<ShutdownReport> stop = Background.start(() -> {
            ShutdownReport report = manager.stop();
            kept.set(Thread.currentThread().isInterrupted());
            return report;
        });
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);
        stop.parked();

        stop.thread().interrupt();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(0, 0, 1, 1, 0));
        assertThat(kept.get()).isTrue();
        running.error(TaskCancelledException.class);
        queued.error(TaskCancelledException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    private static Background<ShutdownReport> stopInBackground(TaskManager<Resource, Object> manager) {
        Background<ShutdownReport> stop = Background.start(() -> manager.stop());
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);
        return stop;
    }

    private static int depth(TaskManager<Resource, Object> manager) {
        var stats = manager.stats();
        return stats.queuedTasks() + stats.priorityTasks();
    }
}

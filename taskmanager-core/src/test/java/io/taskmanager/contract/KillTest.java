package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kill: answers everyone at once, interrupts what runs, escalates a stop, and waits no longer than the grace. */
class KillTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> notes = new CopyOnWriteArrayList<>();

    @EveryQueueForm
    void answersEveryQueuedTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        bed.occupy(manager, 1);
        List<Answer<Boolean>> queued = IntStream.range(0, 10)
                .mapToObj(i -> bed.call(entry, manager, (context, resource) -> notes.add("ran")))
                .toList();
        Await.until(
                "ten tasks in their lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 10);

        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 10, 0));
        queued.forEach(answer ->
                assertThat(answer.error(TaskCancelledException.class)).message().contains("test"));
        assertThat(notes).isEmpty();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(manager.stats().queuedTasks()).isZero();
        assertThat(manager.stats().priorityTasks()).isZero();
    }

    @EveryEntryPoint
    void interruptsAndAnswersARunningTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            context.onCancel(() -> notes.add("action"));
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("interrupted, cancelled: " + context.isCancelled());
            }
            return "too late";
        });
        gate.awaitArrivals(1);

        ShutdownReport report = manager.kill();

        answer.error(TaskCancelledException.class);
        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));
        assertThat(notes).containsExactlyInAnyOrder("action", "interrupted, cancelled: true");
        assertThat(bed.factory().alive()).isEmpty();
        assertThat(gate.isOpen()).isFalse();
    }

    @EveryEntryPoint
    void refusesNewTasks(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        manager.kill();

        assertThat(bed.call(entry, manager, (context, resource) -> null)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
    }

    @EveryQueueForm
    void escalatesAStopUnderWay(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        Answer<Object> queued = bed.call(entry, manager, (context, resource) -> null);
        Await.until(
                "a task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);
        Background<ShutdownReport> stop = Background.start(() -> manager.stop());
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);
        stop.parked();

        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 1, 0));
        assertThat(stop.value()).isEqualTo(report);
        queued.error(TaskCancelledException.class);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void leavesNoResourceAndNoThread() {
        var manager = bed.manager(config -> config.workerCount(3).resourcePoolSize(2));
        bed.call(EntryPoint.QUEUE_TASK_WITH_CALLBACK, manager, (context, resource) -> null)
                .value();
        bed.occupy(manager, 3);

        manager.kill();

        assertThat(bed.factory().alive()).isEmpty();
        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());
    }

    @Test
    void reportsNothingOfAnIdleManager() {
        var manager = bed.manager(config -> config);

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 0));
    }

    @EveryAsyncForm
    void answersTasksWhoseAnswersWaitForOneAnother(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        manager.control().pause();
        Answer<Object> first = bed.call(entry, manager, (context, resource) -> null);
        Answer<Object> second = bed.call(entry, manager, (context, resource) -> null);
        CompletableFuture<Object> afterFirst = first.future()
                .handle((value, error) ->
                        second.future().handle((v, e) -> "second").join());
        CompletableFuture<Object> afterSecond = second.future()
                .handle((value, error) ->
                        first.future().handle((v, e) -> "first").join());

        manager.kill();

        assertThat(afterFirst.join()).isEqualTo("second");
        assertThat(afterSecond.join()).isEqualTo("first");
    }

    @Test
    void refusesASecondEnd() {
        var manager = bed.manager(config -> config);
        manager.kill();

        assertThatIllegalStateException().isThrownBy(manager::kill);
        assertThatIllegalStateException().isThrownBy(manager::stop);
    }

    /** On a worker's thread, that is; {@link LendingTest} has the other case. */
    @EveryQueueForm
    void abandonsATaskThatIgnoresItsInterrupt(EntryPoint entry) {
        bed.factory().bindToThreads();
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(30)));
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.passIgnoringInterrupts();
            return null;
        });
        gate.awaitArrivals(1);

        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
        answer.error(TaskCancelledException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.KILLED);
        assertThat(bed.factory().alive()).hasSize(1);
        assertThatIllegalStateException().isThrownBy(manager::kill);

        gate.open();
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
        assertThat(bed.factory().created().get(0).destructions()).isEqualTo(1);
    }

    @Test
    void abandonsARunTaskThatIgnoresItsInterrupt() {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(30)));
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            gate.passIgnoringInterrupts();
            return null;
        });
        gate.awaitArrivals(1);

        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
        gate.open();
        answer.error(TaskCancelledException.class);
        Await.until("the end of its resource", () -> bed.factory().alive().isEmpty());
    }

    @EveryAsyncForm
    void interruptsATaskThatWasCancelledGentlyAndStillRuns(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            context.onCancel(() -> notes.add("action"));
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("interrupted, cancelled: " + context.isCancelled());
            }
            return null;
        });
        gate.awaitArrivals(1);
        answer.future().cancel(false);
        answer.error(TaskCancelledException.class);
        assertThat(notes).containsExactly("action");

        ShutdownReport report = manager.kill();

        assertThat(notes).containsExactly("action", "interrupted, cancelled: true");
        assertThat(report.abandoned()).isZero();
        assertThat(gate.isOpen()).isFalse();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    @Test
    void answersThoughADestructionHangs() {
        Gate destruction = bed.gate();
        var manager = bed.manager(config -> config.resourcePoolSize(1).stuckTaskGrace(Duration.ofMillis(50)));
        Await.until("a full pool", () -> manager.stats().availableResources() == 1);
        Gate running = bed.occupy(manager, 1);
        List<Answer<Object>> queued = EntryPoint.queued()
                .map(entry -> bed.call(entry, manager, (context, resource) -> null))
                .toList();
        Await.until(
                "all tasks in their lanes",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == queued.size());
        bed.factory().onDestroy(resource -> destruction.passIgnoringInterrupts());

        Background<ShutdownReport> kill = Background.start(manager::kill);

        queued.forEach(answer -> answer.error(TaskCancelledException.class));
        assertThat(kill.value().neverStarted()).isEqualTo(queued.size());
        assertThat(running.isOpen()).isFalse();
        assertThat(manager.state()).isEqualTo(TaskManagerState.KILLED);
        destruction.open();
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
    }

    @Test
    void leavesNoInterruptBehindOnTheCallerOfRunTask() {
        var manager = bed.manager(config -> config);
        var started = bed.gate();
        started.open();
        Background<Boolean> caller = Background.start(() -> {
            try {
                manager.runTask((context, resource) -> {
                    started.pass();
                    while (!Thread.currentThread().isInterrupted()) {
                        Thread.onSpinWait();
                    }
                    return null;
                });
                return false;
            } catch (TaskCancelledException e) {
                return !Thread.currentThread().isInterrupted();
            }
        });
        started.awaitArrivals(1);

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));

        assertThat(caller.value()).isTrue();
    }
}

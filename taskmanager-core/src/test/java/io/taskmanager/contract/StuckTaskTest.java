package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ShutdownReport;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskStats;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A task that ignores its interrupt for longer than the grace: given up, replaced, and cleaned up when it returns. */
class StuckTaskTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(7);
    private static final Duration TICK = Duration.ofMillis(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();
    private final AtomicReference<Resource> stuckWith = new AtomicReference<>();
    private final AtomicReference<Thread> stuckOn = new AtomicReference<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();

    // -- after each kind of cancellation ---------------------------------------------------------------------------

    @EveryNonBlockingForm
    void isReplacedAfterItsTimeout(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(entry, manager);
        bed.timer().advance(LIMIT);
        answer.error(TaskTimeoutException.class);

        assertReplacedOnceTheGraceIsOver(entry, manager);
    }

    @EveryAsyncForm
    void isReplacedAfterItsCancellation(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(entry, manager);
        answer.future().cancel(true);
        answer.error(TaskCancelledException.class);

        assertReplacedOnceTheGraceIsOver(entry, manager);
    }

    @Test
    void isReplacedAfterItsDeadline() {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        Answer<Object> answer = bed.submit(
                manager,
                TaskOptions.builder().deadline(Instant.now().plus(Duration.ofHours(1))),
                this.<Object>stubborn());
        gate.awaitArrivals(1);
        bed.timer().advance(Duration.ofHours(1));
        answer.error(TaskTimeoutException.class);

        // The real clock went on between the deadline's choice and its use: it was due before the hour was over.
        assertReplacedOnceTheGraceIsOver(EntryPoint.QUEUE_TASK_ASYNC, manager, GRACE.minus(TICK));
    }

    private void assertReplacedOnceTheGraceIsOver(EntryPoint entry, TaskManager<Resource, Object> manager) {
        assertReplacedOnceTheGraceIsOver(entry, manager, TICK);
    }

    private void assertReplacedOnceTheGraceIsOver(
            EntryPoint entry, TaskManager<Resource, Object> manager, Duration before) {
        bed.timer().advance(GRACE.minus(before));
        Answer<Resource> next = bed.call(entry, manager, (context, resource) -> resource);
        assertThat(manager.stats().queuedTasks() + manager.stats().priorityTasks())
                .isEqualTo(1);
        assertThat(manager.stats().busyWorkers()).isEqualTo(1);
        assertThat(bed.factory().created()).hasSize(1);
        bed.timer().advance(before);

        assertThat(next.value()).isNotSameAs(stuckWith.get());
        assertThat(gate.isOpen()).isFalse();
        assertThat(stuckWith.get().isDestroyed()).isFalse();
        Await.until("an idle worker", () -> manager.stats().busyWorkers() == 0);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);

        gate.open();
        Await.until(
                "the end of the stuck task's resource", () -> stuckWith.get().isDestroyed());
        assertThat(stuckWith.get().destructions()).isEqualTo(1);
        assertThat(stuckWith.get().destroyer()).isSameAs(stuckOn.get());
        Await.waitForThreadState(stuckOn.get(), Thread.State.TERMINATED);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
        assertThat(bed.call(entry, manager, (context, resource) -> resource).value())
                .isSameAs(next.value());
    }

    @EveryNonBlockingForm
    void isAbandonedByAKill(EntryPoint entry) {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(30)));
        Answer<Object> answer = stick(entry, manager);

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));

        answer.error(TaskCancelledException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.KILLED);
        gate.open();
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
        assertThat(stuckWith.get().destructions()).isEqualTo(1);
        assertThat(bed.factory().created()).hasSize(1); // nobody takes its place in a killed manager
    }

    // -- who is not stuck ------------------------------------------------------------------------------------------

    @EveryAsyncForm
    void isNobodyWhoWasCancelledGently(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(entry, manager);
        answer.future().cancel(false);

        bed.timer().advance(GRACE.plus(LIMIT).multipliedBy(10));

        assertNobodyIsStuck(manager);
    }

    @EveryEntryPoint
    void isNobodyWhoEndsInTime(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(entry, manager);
        bed.timer().advance(LIMIT.plus(GRACE).minus(TICK));
        gate.open();
        answer.error(TaskTimeoutException.class);
        Await.until("the worker's return", () -> manager.stats().busyWorkers() == 0);
        Await.until("no clock any more", () -> bed.timer().pending() == 0);

        bed.timer().advance(GRACE.multipliedBy(10));

        assertThat(stuckLines()).isEmpty();
        assertThat(bed.factory().destroyed()).isEmpty();
    }

    @EveryEntryPoint
    void isNobodyWithoutALimit(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        stick(entry, manager);

        bed.timer().advance(GRACE.multipliedBy(10));

        assertThat(stuckLines()).isEmpty();
        assertThat(stuckWith.get().isDestroyed()).isFalse();
    }

    @Test
    void isNobodyForTheInterruptOfAnEarlierTask() {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        Gate first = bed.gate();
        Answer<Object> cancelled = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            first.pass();
            return null;
        });
        first.awaitArrivals(1);
        cancelled.future().cancel(true); // and it heeds that
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);

        bed.timer().advance(GRACE.multipliedBy(10));

        assertNobodyIsStuck(manager);
    }

    private void assertNobodyIsStuck(TaskManager<Resource, Object> manager) {
        assertThat(stuckLines()).isEmpty();
        assertThat(manager.stats().busyWorkers()).isEqualTo(1);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
        assertThat(bed.factory().created()).hasSize(1);
        gate.open();
        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource)
                        .value())
                .isSameAs(stuckWith.get());
    }

    // -- what is told of it ----------------------------------------------------------------------------------------

    @EveryEntryPoint
    void isLoggedWithItsStack(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(entry, manager);
        bed.timer().advance(LIMIT.plus(GRACE).minus(TICK));
        assertThat(stuckLines()).isEmpty();

        bed.timer().advance(TICK);

        assertThat(stuckLines()).hasSize(1);
        RecordingLogger.Line line = stuckLines().get(0);
        assertThat(line.level()).isEqualTo(RecordingLogger.Level.ERROR);
        assertThat(line.text()).contains("\"" + notes.get(0) + "\"", GRACE.toString());
        assertThat(Arrays.stream(line.cause().getStackTrace()).map(StackTraceElement::getMethodName))
                .contains("passIgnoringInterrupts");
        bed.timer().advance(GRACE.multipliedBy(3));
        assertThat(stuckLines()).hasSize(1);
    }

    @EveryNonBlockingForm
    void isCountedOnceAndAnsweredOnce(EntryPoint entry) {
        var collector = new RecordingCollector();
        var listener = new RecordingListener();
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT)
                .stuckTaskGrace(GRACE)
                .healthCheck(error -> false)
                .collector(collector)
                .listener(listener));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            stubborn().execute(context, resource);
            throw new IOException("too late");
        });
        gate.awaitArrivals(1);
        bed.timer().advance(LIMIT.plus(GRACE));
        gate.open();
        answer.error(TaskTimeoutException.class);
        Await.until("its resource's end", () -> stuckWith.get().isDestroyed());
        manager.stop();

        assertThat(collector.timeouts()).hasSize(1);
        assertThat(collector.terminals()).isEqualTo(1);
        assertThat(collector.retries()).isZero();
        assertThat(listener.finished()).hasSize(1);
    }

    // -- what goes on meanwhile ------------------------------------------------------------------------------------

    @Test
    void leavesTheOtherWorkersAlone() {
        var manager = bed.timedManager(
                config -> config.workerCount(3).taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);

        bed.timer().advance(LIMIT.plus(GRACE));

        Await.until("three workers again", () -> manager.stats().activeWorkers() == 3);
        TaskStats stats = manager.stats();
        assertThat(stats.busyWorkers()).isZero();
        assertThat(stats.startingWorkers()).isZero();
        assertThat(stats.burstWorkers()).isZero();
        assertThat(bed.factory().created()).hasSize(4);
        Gate all = bed.gate();
        for (int i = 0; i < 3; i++) {
            bed.submit(manager, TaskOptions.builder().timeout(Duration.ofDays(1)), (context, resource) -> {
                all.pass();
                return null;
            });
        }
        all.awaitArrivals(3);
    }

    @Test
    void mayBefallEveryWorkerAndItsReplacementToo() {
        var manager = bed.timedManager(
                config -> config.workerCount(2).taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        int stuck = 6;
        for (int i = 0; i < stuck; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, this.<Object>stubborn());
        }
        for (int round = 1; round <= 3; round++) {
            gate.awaitArrivals(2 * round);
            bed.timer().advance(LIMIT.plus(GRACE));
        }

        Answer<String> after = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "goes on");

        assertThat(after.value()).isEqualTo("goes on");
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(bed.factory().created()).hasSize(stuck + 2);
        assertThat(stuckLines()).hasSize(stuck);
        gate.open();
        Await.until(
                "the end of their resources", () -> bed.factory().destroyed().size() == stuck);
        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
    }

    @Test
    void hasItsResourceDestroyedWithNoInterruptLeft() {
        bed.factory()
                .onDestroy(resource ->
                        notes.add("interrupted: " + Thread.currentThread().isInterrupted()));
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            stuckWith.set(resource);
            gate.passIgnoringInterrupts();
            Thread.currentThread().interrupt();
            return null;
        });
        gate.awaitArrivals(1);
        bed.timer().advance(LIMIT.plus(GRACE));

        gate.open();

        Await.until("its resource's end", () -> stuckWith.get().isDestroyed());
        Await.untilAsserted(() -> assertThat(notes).containsExactly("interrupted: false"));
    }

    @Test
    void isCleanedUpThoughTheDestructionThrows() {
        bed.factory().onDestroy(resource -> {
            throw new IOException("destruction");
        });
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        manager.stop();
        assertThat(manager.state()).isEqualTo(TaskManagerState.STOPPING);

        gate.open();

        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
    }

    @Test
    void isCleanedUpByItsCallerInRunTask() {
        var manager = bed.timedManager(
                config -> config.resourcePoolSize(1).taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        Await.until("a full pool", () -> manager.stats().availableResources() == 1);
        Answer<Object> answer = stick(EntryPoint.RUN_TASK, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        assertThat(stuckLines()).hasSize(1);
        assertThat(manager.control().events())
                .extracting(TaskManagerEvent::type)
                .containsOnlyOnce(TaskManagerEvent.Type.TASK_STUCK);
        assertThat(stuckWith.get().isDestroyed()).isFalse();
        gate.open();
        answer.error(TaskTimeoutException.class);
        Await.until("its resource's end", () -> stuckWith.get().isDestroyed());
        assertThat(bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> resource)
                        .value())
                .isNotSameAs(stuckWith.get());
    }

    @Test
    void isReplacedOnceAThreadCanBeHad() {
        var threads = new AtomicInteger();
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT)
                .stuckTaskGrace(GRACE)
                .threadFactory(runnable -> {
                    if (threads.incrementAndGet() == 2) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return new Thread(runnable);
                }));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        Answer<String> next = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "runs");
        assertThat(threads).hasValue(2);

        bed.timer().advance(Duration.ofSeconds(1)); // the pause before the pool asks for a thread again

        assertThat(next.value()).isEqualTo("runs");
    }

    @EveryNonBlockingForm
    void isCleanedUpByItsOwnThreadWithAThreadBoundFactory(EntryPoint entry) {
        bed.factory().bindToThreads();
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(entry, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        Resource next =
                bed.call(entry, manager, (context, resource) -> resource).value();
        assertThat(next.creator()).isNotSameAs(stuckOn.get());

        gate.open();

        Await.until("its resource's end", () -> stuckWith.get().isDestroyed());
        assertThat(stuckWith.get().creator()).isSameAs(stuckOn.get());
        assertThat(stuckWith.get().destroyer()).isSameAs(stuckOn.get());
    }

    // -- workers that are too many ---------------------------------------------------------------------------------

    @Test
    void isNotReplacedWhereItsWorkerWasOneTooMany() {
        var target = new AtomicInteger(2);
        var manager = bed.timedManager(config -> config.maxWorkerCount(2)
                .burstInterval(Duration.ofMillis(100))
                .scalingPolicy(snapshot -> target.get())
                .taskTimeout(LIMIT)
                .stuckTaskGrace(GRACE));
        bed.timer().advance(Duration.ofMillis(100));
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, this.<Object>stubborn());
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, this.<Object>stubborn());
        gate.awaitArrivals(2);
        target.set(1);
        bed.timer().advance(Duration.ofMillis(100)); // both are busy: the first to be free goes

        bed.timer().advance(LIMIT.plus(GRACE));

        Await.until("one worker", () -> manager.stats().activeWorkers() == 1);
        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource)
                        .value()
                        .id())
                .isEqualTo(3);
        gate.open();
        Await.until("the end of both resources", () -> bed.factory().destroyed().size() == 2);
        assertThat(bed.factory().created()).hasSize(3);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
    }

    @Test
    void makesRoomForAWorkerInABurst() {
        var target = new AtomicInteger(1);
        var manager = bed.timedManager(config -> config.maxWorkerCount(2)
                .burstInterval(Duration.ofMillis(100))
                .scalingPolicy(snapshot -> target.get())
                .taskTimeout(LIMIT)
                .stuckTaskGrace(GRACE));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        target.set(2);
        bed.timer().advance(Duration.ofMillis(100));

        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(manager.stats().burstWorkers()).isEqualTo(1);
        gate.open();
        Await.until("its resource's end", () -> stuckWith.get().isDestroyed());
        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
    }

    // -- shutdown --------------------------------------------------------------------------------------------------

    @EveryNonBlockingForm
    void isNotWaitedForByALaterStop(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(entry, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        Await.until("the new worker", () -> manager.stats().activeWorkers() == 1);

        ShutdownReport report = Background.start(() -> manager.stop()).value();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
        assertThat(manager.state()).isEqualTo(TaskManagerState.STOPPING);
        assertThat(bed.factory().alive()).containsExactly(stuckWith.get());
        gate.open();
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
        assertThat(stuckWith.get().destructions()).isEqualTo(1);
    }

    @EveryAsyncForm
    void endsTheWaitOfAStopUnderWay(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(entry, manager);
        Background<ShutdownReport> stop = Background.start(() -> manager.stop()).parked();
        answer.future().cancel(true);
        bed.timer().advance(GRACE.minus(TICK));
        stop.parked();
        assertThat(stop.isDone()).isFalse();

        bed.timer().advance(TICK);

        assertThat(stop.value()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
        assertThat(manager.state()).isEqualTo(TaskManagerState.STOPPING);
        gate.open();
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
    }

    @Test
    void isInOneCountOfTheReportOnlyWhenItTimesOutDuringAStop() {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        Background<ShutdownReport> stop = Background.start(() -> manager.stop()).parked();

        bed.timer().advance(LIMIT.plus(GRACE));

        assertThat(stop.value()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
    }

    @Test
    void takesNothingFromTheOtherCountsOfTheReport() {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        bed.occupy(manager, 1); // heeds its interrupt
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        ShutdownReport report = manager.kill();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, 1, 1));
    }

    /** The kill's wait ends when the task's grace does: whichever comes first, the task is abandoned once. */
    @Test
    void isReportedOnceWhoeverGivesItUpFirst() {
        for (int i = 0; i < 150; i++) {
            var manager = bed.manager(config -> config.workerCount(2).stuckTaskGrace(Duration.ofNanos(300_000)));
            Gate each = bed.gate();
            for (int task = 0; task < 2; task++) {
                bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    each.passIgnoringInterrupts();
                    return null;
                });
            }
            each.awaitArrivals(2);

            assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 2));

            each.open();
            Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
        }
    }

    @Test
    void isNotReportedWhenItReturnedBefore() {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).stuckTaskGrace(GRACE));
        stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        bed.timer().advance(LIMIT.plus(GRACE));
        gate.open();
        Await.waitForThreadState(stuckOn.get(), Thread.State.TERMINATED);

        assertThat(manager.stop()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 0));
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @Test
    void runsWhatIsQueuedBehindItWhenStopped() {
        var manager = bed.timedManager(config -> config.stuckTaskGrace(GRACE));
        Answer<Object> answer = stick(EntryPoint.QUEUE_TASK_ASYNC, manager);
        Answer<String> behind = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "drained");
        Background<ShutdownReport> stop = Background.start(() -> manager.stop()).parked();
        answer.future().cancel(true);

        bed.timer().advance(GRACE);

        assertThat(behind.value()).isEqualTo("drained");
        assertThat(stop.value()).isEqualTo(new ShutdownReport(1, 0, 0, 0, 1));
    }

    // -- tools -----------------------------------------------------------------------------------------------------

    private Answer<Object> stick(EntryPoint entry, TaskManager<Resource, Object> manager) {
        int before = gate.arrivals();
        Answer<Object> answer = bed.call(entry, manager, this.<Object>stubborn());
        gate.awaitArrivals(before + 1);
        return answer;
    }

    private <T> Task<Resource, T> stubborn() {
        return (context, resource) -> {
            stuckWith.set(resource);
            stuckOn.set(Thread.currentThread());
            notes.add(context.taskName());
            gate.passIgnoringInterrupts();
            return null;
        };
    }

    private List<RecordingLogger.Line> stuckLines() {
        return bed.logger().lines().stream()
                .filter(line -> line.text().contains("ignored its interrupt"))
                .toList();
    }
}

package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.WorkerInfo;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Deep;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The control: steers a running manager without disturbing a task, and tells what it is doing. */
class ControlTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();
    private final List<String> notes = new CopyOnWriteArrayList<>();

    // -- pause, resume ---------------------------------------------------------------------------------------------

    @EveryQueueForm
    void pauseHoldsWhatIsQueuedAndResumeLetsItGo(EntryPoint entry) {
        var manager = ready();
        manager.control().pause();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> notes.add("ran"));
        awaitDepth(manager, 1);
        manager.control().pause();
        assertThat(manager.stats().paused()).isTrue();
        assertThat(manager.stats().busyWorkers()).isZero();
        assertThat(notes).isEmpty();

        manager.control().resume();

        answer.value();
        assertThat(manager.stats().paused()).isFalse();
    }

    @EveryQueueForm
    void pauseLeavesARunningTaskAlone(EntryPoint entry) {
        var manager = ready();
        Answer<Boolean> running = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return context.isCancelled();
        });
        gate.awaitArrivals(1);

        manager.control().pause();
        Answer<Object> queued = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        gate.open();

        assertThat(running.value()).isFalse();
        Await.until("an idle worker", () -> manager.stats().busyWorkers() == 0);
        assertThat(manager.stats().queuedTasks()).isEqualTo(1);
        assertThat(queued.isDone()).isFalse();
        manager.control().resume();
        queued.value();
    }

    @EveryNonBlockingForm
    void aStopResumes(EntryPoint entry) {
        var manager = ready();
        manager.control().pause();
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "drained");

        assertThat(manager.stop()).isEqualTo(new ShutdownReport(1, 0, 0, 0, 0));

        assertThat(answer.value()).isEqualTo("drained");
    }

    @EveryNonBlockingForm
    void aKillAnswersWhatAPauseHeld(EntryPoint entry) {
        var manager = ready();
        manager.control().pause();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> notes.add("ran"));

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 0, 1, 0));

        answer.error(TaskCancelledException.class);
        assertThat(notes).isEmpty();
    }

    @Test
    void aPauseHoldsRetriesToo() {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        Answer<Integer> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
                throw new IOException("unhealthy");
            }
            return context.attempt();
        });
        gate.awaitArrivals(1);
        manager.control().pause();
        gate.open();
        Await.until("the retry lane", () -> manager.stats().retryingTasks() == 1);
        Await.until("another resource", () -> manager.stats().activeWorkers() == 1);
        assertThat(answer.isDone()).isFalse();

        manager.control().resume();

        assertThat(answer.value()).isEqualTo(2);
    }

    @EveryAsyncForm
    void aPausedTaskCanBeCancelled(EntryPoint entry) {
        var manager = ready();
        manager.control().pause();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> notes.add("ran"));

        answer.future().cancel(true);

        assertThat(depth(manager)).isZero();
        manager.control().resume();
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();
        assertThat(notes).isEmpty();
    }

    @Test
    void aQueueTimeoutRunsThroughAPause() {
        var manager = bed.timedManager(config -> config.queueTimeout(Duration.ofSeconds(5)));
        manager.control().pause();
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        bed.timer().advance(Duration.ofSeconds(5));

        answer.error(TaskTimeoutException.class);
    }

    @Test
    void runTaskTakesNoNoticeOfAPause() {
        var manager = ready();
        manager.control().pause();

        assertThat(bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> "ran")
                        .value())
                .isEqualTo("ran");
    }

    // -- resize ----------------------------------------------------------------------------------------------------

    @Test
    void resizeStartsBaseWorkersAtOnce() {
        var manager = ready();

        manager.control().resize(3, 5);

        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
        assertThat(manager.stats().baseWorkers()).isEqualTo(3);
        assertThat(manager.stats().burstWorkers()).isZero();
        bed.occupy(manager, 3);
    }

    @Test
    void resizeLetsWorkersGoWithoutAnInterrupt() {
        var manager = bed.manager(config -> config.workerCount(3));
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                notes.add("interrupts: " + gate.passIgnoringInterrupts() + ", cancelled: " + context.isCancelled());
                return null;
            });
        }
        gate.awaitArrivals(3);

        manager.control().resize(1, 1);
        assertThat(manager.stats().busyWorkers()).isEqualTo(3);
        assertThat(bed.factory().destroyed()).isEmpty();
        gate.open();

        Await.until("one worker", () -> manager.stats().activeWorkers() == 1);
        Await.until("the end of the others", () -> bed.factory().alive().size() == 1);
        Await.until("the end of all tasks", () -> notes.size() == 3);
        assertThat(notes).containsOnly("interrupts: 0, cancelled: false");
        assertThat(manager.stats().baseWorkers()).isEqualTo(1);
    }

    @Test
    void resizeLetsIdleWorkersGoAtOnce() {
        var manager = bed.manager(config -> config.workerCount(4));
        Await.until("four workers", () -> manager.stats().activeWorkers() == 4);

        manager.control().resize(2, 2);

        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(bed.factory().created()).hasSize(4);
        manager.control().resize(3, 3);
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
    }

    @Test
    void resizeBoundsTheScaler() {
        var manager = bed.manager(config -> config.maxWorkerCount(2)
                .burstInterval(Duration.ofMillis(1))
                .scalingPolicy(snapshot -> snapshot.maxWorkers()));
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(manager.control().maxWorkers()).isEqualTo(2);

        manager.control().resize(1, 4);
        assertThat(manager.control().maxWorkers()).isEqualTo(4);
        Await.until("four workers", () -> manager.stats().activeWorkers() == 4);
        assertThat(manager.stats().burstWorkers()).isEqualTo(3);

        manager.control().resize(1, 3);
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
    }

    @Test
    void resizeRefusesNonsenseAndChangesNothing() {
        var manager = ready();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.control().resize(0, 5))
                .withMessageContaining("workerCount")
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.control().resize(4, 3))
                .withMessageContaining("maxWorkerCount")
                .withMessageContaining("3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> manager.control().resize(1, Integer.MAX_VALUE)); // as the config does
        assertThat(manager.stats().baseWorkers()).isEqualTo(1);
        assertThat(manager.control().events()).noneMatch(event -> event.type() == Type.RESIZED);
    }

    // -- recycle ---------------------------------------------------------------------------------------------------

    @Test
    void recycleReplacesEveryResourceWithoutDisturbingATask() {
        var manager =
                bed.manager(config -> config.workerCount(2).maxWorkerCount(3).resourcePoolSize(1));
        Await.until(
                "two workers and a pool",
                () -> manager.stats().activeWorkers() == 2 && manager.stats().availableResources() == 1);
        List<Resource> old = List.copyOf(bed.factory().created());
        Answer<String> running = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return "cancelled: " + context.isCancelled();
        });
        gate.awaitArrivals(1);

        manager.control().recycle();

        Await.until("the end of the idle ones", () -> bed.factory().destroyed().size() == 2);
        assertThat(running.isDone()).isFalse();
        gate.open();
        assertThat(running.value()).isEqualTo("cancelled: false");
        Await.until("the end of the last one", () -> bed.factory().destroyed().containsAll(old));
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(manager.control().workers())
                .hasSize(2)
                .allSatisfy(worker -> assertThat(worker.generation()).isEqualTo(1));
        assertThat(bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> resource)
                        .value())
                .isNotIn(old);
    }

    @Test
    void recycleCountsAResourceInCreationAsOld() {
        bed.factory().next(block(gate, succeed()));
        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        gate.awaitArrivals(1);

        manager.control().recycle();
        gate.open();

        Await.until("the end of the first", () -> bed.factory().destroyed().size() == 1);
        assertThat(bed.factory().destroyed().get(0).id()).isEqualTo(1);
        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
    }

    @Test
    void recycleKeepsAResourceWhoseReplacementCantBeCreated() {
        var manager = bed.timedManager(config -> config.maxWorkerCount(2));
        bed.factory().next(fail(new IOException("no connection")));

        manager.control().recycle();
        Await.until("the vain attempt", () -> bed.factory().calls() == 2);

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(1);
    }

    @Test
    void recycleRollsThroughTheWorkersWhereTheMaximumLeavesNoRoom() {
        var manager =
                bed.manager(config -> config.workerCount(3).maxWorkerCount(3).resourcePoolSize(0));
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);

        manager.control().recycle();

        Await.until("the end of all three", () -> bed.factory().destroyed().size() == 3);
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);
        assertThat(bed.factory().peakLiving()).isEqualTo(3);
        assertThat(bed.factory().created()).hasSize(6);
    }

    /** Or tasks would wait for a whole creation, though there is room for one resource more. */
    @Test
    void recycleServesOnWithTheOldResourceWhereTheMaximumLeavesRoomForTheNew() {
        var manager = bed.manager(config -> config.maxWorkerCount(2).resourcePoolSize(0));
        bed.awaitIdleWorkers(manager, 1);
        bed.factory().next(block(gate, succeed()));

        manager.control().recycle();
        gate.awaitArrivals(1);

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(1);
        assertThat(manager.stats().startingWorkers()).isZero();
        gate.open();
        Await.until(
                "the end of the old one", () -> bed.factory().created().get(0).isDestroyed());
        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
    }

    @Test
    void recycleRenewsOneResourceAtATimeWhereTheMaximumLeavesRoom() {
        var manager =
                bed.manager(config -> config.workerCount(3).maxWorkerCount(6).resourcePoolSize(0));
        bed.awaitIdleWorkers(manager, 3);
        bed.factory().resetPeakCreating();

        manager.control().recycle();

        Await.until("the end of all three", () -> bed.factory().destroyed().size() == 3);
        assertThat(bed.factory().peakCreating()).isEqualTo(1);
        assertThat(bed.factory().peakLiving()).isLessThanOrEqualTo(6);
        assertThat(bed.factory().created()).hasSize(6);
    }

    /** Each creation is recycled before it has ended, so each new resource is old before its first task. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void recycleAtEachCreationLetsTasksRun(int maxWorkerCount) {
        var manager =
                bed.manager(config -> config.maxWorkerCount(maxWorkerCount).resourcePoolSize(0));
        bed.awaitIdleWorkers(manager, 1);
        bed.factory().otherwise(factory -> {
            manager.control().recycle();
            return succeed().create(factory);
        });
        manager.control().recycle();

        for (int i = 0; i < 20; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null)
                    .value();
        }
        bed.factory().otherwise(succeed());
    }

    // -- workers ---------------------------------------------------------------------------------------------------

    @Test
    void workersTellWhatTheyDo() {
        var manager = bed.timedManager(config -> config.workerCount(2));
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        bed.timer().advance(Duration.ofSeconds(3));
        Gate held = bed.occupy(manager, 1);
        bed.timer().advance(Duration.ofSeconds(4));

        List<WorkerInfo> workers = manager.control().workers();

        assertThat(workers.stream().map(WorkerInfo::id)).containsExactly(1, 2);
        assertThat(workers).allSatisfy(worker -> {
            assertThat(worker.burst()).isFalse();
            assertThat(worker.resourceAge()).isEqualTo(Duration.ofSeconds(7));
            assertThat(worker.uses()).isZero();
            assertThat(worker.generation()).isZero();
            assertThat(worker.lastOutcomes()).isEmpty();
        });
        assertThat(workers.stream().map(WorkerInfo::state))
                .containsExactlyInAnyOrder(WorkerInfo.State.BUSY, WorkerInfo.State.IDLE);
        assertThat(workers.stream()
                        .filter(worker -> worker.state() == WorkerInfo.State.BUSY)
                        .map(WorkerInfo::busyFor))
                .containsExactly(Duration.ofSeconds(4));
        assertThat(workers.stream()
                        .filter(worker -> worker.state() == WorkerInfo.State.IDLE)
                        .map(WorkerInfo::busyFor))
                .containsOnlyNulls();
        held.open();
    }

    @EveryQueueForm
    void aBusyWorkerTellsItsTasksName(EntryPoint entry) {
        var manager = ready();
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return context.taskName();
        });
        gate.awaitArrivals(1);

        List<WorkerInfo> workers = manager.control().workers();
        gate.open();

        assertThat(workers).extracting(WorkerInfo::taskName).containsExactly(answer.value());
        Await.untilAsserted(() -> assertThat(manager.control().workers())
                .extracting(WorkerInfo::taskName)
                .containsOnlyNulls());
    }

    static Stream<Named<Consumer<TaskManager<?, ?>>>> questions() {
        return Stream.of(
                Named.of("workers", manager -> manager.control().workers()),
                Named.of("events", manager -> manager.control().events()),
                Named.of("explain", manager -> manager.control().explain()),
                Named.of("isOutage", manager -> manager.control().isOutage()),
                Named.of("isStalled", manager -> manager.control().isStalled()),
                Named.of("longestRun", manager -> manager.control().longestRun()),
                Named.of("executionTimes", manager -> manager.control().executionTimes(TaskOutcome.COMPLETED)),
                Named.of("waitTimes", manager -> manager.control().waitTimes(TaskLane.MAIN)),
                Named.of("totalResources", manager -> manager.control().totalResources()),
                Named.of("maxWorkers", manager -> manager.control().maxWorkers()),
                Named.of("stats", TaskManager::stats),
                Named.of("metrics", TaskManager::metrics),
                Named.of("state", TaskManager::state));
    }

    /** A lock that is not given back would hold the whole manager for ever. */
    @ParameterizedTest
    @MethodSource("questions")
    void losesNothingToThoseWhoAskAtTheEndOfTheirStack(Consumer<TaskManager<?, ?>> question) throws Exception {
        var manager = ready();
        bed.occupy(manager, 1);

        Deep.callAtEachDepth(() -> question.accept(manager));

        Answer<Object> next = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> notes.add("ran"));
        Background.start(() -> {
                    question.accept(manager);
                    return null;
                })
                .value();
        manager.kill();
        next.await();
    }

    @Test
    void workersTellOfACreationUnderWay() {
        bed.factory().next(block(gate, succeed()));
        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        gate.awaitArrivals(1);

        assertThat(manager.control().workers()).singleElement().satisfies(worker -> {
            assertThat(worker.state()).isEqualTo(WorkerInfo.State.CREATING);
            assertThat(worker.resourceAge()).isNull();
            assertThat(worker.busyFor()).isNull();
        });
    }

    @EveryQueueForm
    void workersTellTheirLastTenOutcomes(EntryPoint entry) {
        var manager = ready();
        for (int i = 1; i <= 12; i++) {
            boolean fails = i == 2 || i == 4;
            bed.call(entry, manager, (context, resource) -> {
                        if (fails) {
                            throw new IOException("healthy");
                        }
                        return null;
                    })
                    .await();
        }

        Await.untilAsserted(() -> {
            WorkerInfo worker = manager.control().workers().get(0);
            assertThat(worker.uses()).isEqualTo(12);
            assertThat(worker.lastOutcomes())
                    .hasSize(10)
                    .startsWith(TaskOutcome.COMPLETED, TaskOutcome.FAILED, TaskOutcome.COMPLETED)
                    .endsWith(TaskOutcome.COMPLETED);
        });
    }

    @Test
    void workersTellATimeoutAndACancellationByTheirNames() {
        var manager = bed.timedManager(config -> config.taskTimeout(Duration.ofSeconds(5)));
        Answer<Object> late = hold(manager);
        gate.awaitArrivals(1);
        bed.timer().advance(Duration.ofSeconds(5));
        late.error(TaskTimeoutException.class);
        Await.until("an idle worker", () -> manager.stats().busyWorkers() == 0);
        Answer<Object> cancelled = hold(manager);
        gate.awaitArrivals(2);
        cancelled.future().cancel(true);

        Await.untilAsserted(() -> assertThat(manager.control().workers().get(0).lastOutcomes())
                .containsExactly(TaskOutcome.TIMED_OUT, TaskOutcome.CANCELLED));
    }

    @Test
    void workersTellWhoIsBeyondTheBase() {
        var manager = bed.manager(config ->
                config.maxWorkerCount(3).burstInterval(Duration.ofMillis(1)).scalingPolicy(snapshot -> 3));
        Await.until("three workers", () -> manager.stats().activeWorkers() == 3);

        assertThat(manager.control().workers().stream().map(WorkerInfo::burst)).containsExactly(false, true, true);
    }

    // -- events ----------------------------------------------------------------------------------------------------

    @Test
    void eventsTellWhatHappenedInOrder() {
        // With room for another, the broken resource would be destroyed while that is created.
        var manager = bed.manager(
                config -> config.maxWorkerCount(1).healthCheck(error -> false).resourcePoolSize(0));
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .value();
        manager.control().pause();
        manager.control().resume();
        manager.control().resize(1, 3);
        manager.stop();

        List<Type> types =
                manager.control().events().stream().map(TaskManagerEvent::type).toList();
        assertThat(types.subList(0, 7))
                .containsExactly(
                        Type.RESOURCE_CREATED,
                        Type.TASK_RETRIED,
                        Type.RESOURCE_DESTROYED,
                        Type.RESOURCE_CREATED,
                        Type.PAUSED,
                        Type.RESUMED,
                        Type.RESIZED);
        assertThat(types.subList(7, types.size())) // the stop is noted while the worker goes
                .containsExactlyInAnyOrder(Type.STATE_CHANGED, Type.RESOURCE_DESTROYED, Type.STATE_CHANGED)
                .endsWith(Type.STATE_CHANGED);
        assertThat(manager.control().events()).allSatisfy(event -> {
            assertThat(event.at()).isNotNull();
            assertThat(event.detail()).isNotBlank();
        });
    }

    @Test
    void eventsTellOfScalingOutageRecycleStuckTasksAndAKill() {
        var manager = bed.timedManager(config -> config.maxWorkerCount(2)
                .burstInterval(Duration.ofMillis(100))
                .scalingPolicy(snapshot -> 2)
                .taskTimeout(Duration.ofSeconds(5))
                .stuckTaskGrace(Duration.ofSeconds(7)));
        bed.factory().next(fail(new IOException("no connection")));
        bed.timer().advance(Duration.ofMillis(100));
        Await.until("the vain attempt", () -> bed.factory().calls() == 2);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> gate.passIgnoringInterrupts());
        gate.awaitArrivals(1);
        bed.timer().advance(Duration.ofSeconds(12));
        manager.control().recycle();
        gate.open();
        manager.kill();

        assertThat(manager.control().events().stream().map(TaskManagerEvent::type))
                .contains(Type.SCALED, Type.CREATION_FAILED, Type.TASK_STUCK, Type.RECYCLED, Type.STATE_CHANGED);
    }

    @Test
    void eventsKeepTheLastTwoHundred() {
        var manager = ready();
        for (int i = 0; i < 150; i++) {
            manager.control().pause();
            manager.control().resume();
        }
        manager.control().resize(1, 7);

        List<TaskManagerEvent> events = manager.control().events();
        assertThat(events).hasSize(200);
        assertThat(events.get(199).type()).isEqualTo(Type.RESIZED);
        assertThat(events.get(0).type()).isEqualTo(Type.RESUMED);
    }

    @Test
    void eventsAreHandedToTheListenerOnceEachAndMayThrow() {
        List<TaskManagerEvent> heard = new CopyOnWriteArrayList<>();
        var manager = bed.manager(config -> config.listener(new TaskManagerListener() {
            @Override
            public void event(TaskManagerEvent event) {
                heard.add(event);
                throw new LinkageError("listener");
            }
        }));
        manager.control().pause();
        manager.control().resume();
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();
        manager.stop();

        // Those of several threads may be heard in another order than they were noted in.
        Await.untilAsserted(() -> assertThat(heard)
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(manager.control().events()));
    }

    // -- outage ----------------------------------------------------------------------------------------------------

    @Test
    void isOutageUntilAWorkerGetsItsResource() {
        bed.factory().next(fail(new IOException("no connection"))).otherwise(succeed());
        var manager = bed.timedManager(config -> config.startupPolicy(StartupPolicy.LENIENT));

        Await.until("the outage", () -> manager.control().isOutage());
        assertThat(manager.stats().activeWorkers()).isZero();
        bed.timer().advance(Duration.ofMinutes(1)); // the back-off

        Await.until("a worker", () -> manager.stats().activeWorkers() == 1);
        assertThat(manager.control().isOutage()).isFalse();
    }

    @Test
    void isOutageOfRunTaskUntilItsBackoffIsOver() {
        bed.factory().next(succeed()).next(fail(new IOException("no connection")));
        var manager = bed.timedManager(config -> config);
        assertThat(manager.control().isOutage()).isFalse();
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).error(ResourceCreationException.class);

        assertThat(manager.control().isOutage()).isTrue();
        bed.timer().advance(Duration.ofMinutes(1));

        assertThat(manager.control().isOutage()).isFalse();
    }

    static Stream<Consumer<TaskManagerControl>> probes() {
        return Stream.of(TaskManagerControl::probe, TaskManagerControl::recycle, control -> control.resize(1, 2));
    }

    @ParameterizedTest
    @MethodSource("probes")
    void probeRecycleAndResizeTryACreationAtOnce(Consumer<TaskManagerControl> probe) {
        bed.factory().next(fail(new IOException("no connection"))).otherwise(succeed());
        var manager = bed.timedManager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        Await.until("the outage", () -> manager.control().isOutage());

        probe.accept(manager.control());

        Await.until("a worker", () -> manager.stats().activeWorkers() == 1);
        assertThat(manager.control().isOutage()).isFalse();
    }

    @Test
    void probeIsNotedAndChangesNothingWhereThereIsNoOutage() {
        var manager = ready();

        manager.control().probe();

        assertThat(manager.control().events())
                .last()
                .satisfies(event -> assertThat(event.type()).isEqualTo(Type.PROBED));
        assertThat(bed.factory().calls()).isEqualTo(1);
    }

    // -- explain ---------------------------------------------------------------------------------------------------

    @Test
    void explainSaysThatNothingWaits() {
        assertThat(oneSentence(ready())).contains("Nothing waits");
    }

    @Test
    void explainNamesAPause() {
        var manager = ready();
        manager.control().pause();
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        assertThat(oneSentence(manager)).contains("paused", "1", "resume");
    }

    @Test
    void explainNamesTheMaximumWhenAllAreBusy() {
        var manager = bed.manager(config -> config.maxWorkerCount(1));
        bed.occupy(manager, 1);
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        }

        assertThat(oneSentence(manager)).contains("main 3", "all 1 workers are busy", "maxWorkerCount (1)");
    }

    @Test
    void explainNamesBurstIntervalWhenScalingIsOff() {
        var manager = bed.manager(config -> config.maxWorkerCount(4));
        bed.occupy(manager, 1);
        bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> null);

        assertThat(oneSentence(manager)).contains("priority 1", "burstInterval", "workerCount (1)");
    }

    @Test
    void explainNamesAnOutage() {
        bed.factory().otherwise(fail(new IOException("no connection")));
        var manager = bed.timedManager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        Await.until(
                "the vain attempt",
                () -> bed.factory().calls() == 1 && bed.factory().creating() == 0);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        Await.untilAsserted(() -> assertThat(oneSentence(manager)).contains("1", "no resource can be created"));
    }

    @Test
    void explainNamesTheBackoff() {
        var manager = bed.timedManager(config -> config.healthCheck(error -> false)
                .retryBackoff(new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0)));
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            throw new IOException("unhealthy");
        });
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        assertThat(oneSentence(manager)).contains("1", "retryBackoff");
    }

    @Test
    void explainTellsTheEnd() {
        var manager = ready();
        manager.stop();

        assertThat(oneSentence(manager)).contains("TERMINATED");
    }

    private static String oneSentence(TaskManager<Resource, Object> manager) {
        String sentence = manager.control().explain();
        assertThat(sentence).endsWith(".").doesNotContain(". ").doesNotContain("\n");
        return sentence;
    }

    // -- tools -----------------------------------------------------------------------------------------------------

    private TaskManager<Resource, Object> ready() {
        var manager = bed.manager(config -> config);
        Await.until("a worker", () -> manager.stats().activeWorkers() == 1);
        return manager;
    }

    private Answer<Object> hold(TaskManager<Resource, Object> manager) {
        return bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
    }

    private static int depth(TaskManager<?, ?> manager) {
        return manager.stats().queuedTasks() + manager.stats().priorityTasks();
    }

    private static void awaitDepth(TaskManager<?, ?> manager, int depth) {
        Await.until("tasks in their lanes: " + depth, () -> depth(manager) == depth);
    }
}

package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.ScalingSnapshot;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.RecordingLogger.Line;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory.Step;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scaling: the policy says how many workers, within the bounds; workers being created count. */
class ScalingTest {

    private static final Duration TICK = Duration.ofMillis(2);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final AtomicInteger target = new AtomicInteger(1);
    private final AtomicInteger decisions = new AtomicInteger();
    private final AtomicReference<ScalingSnapshot> last = new AtomicReference<>();

    @Test
    void growsAndShrinksAsThePolicySays() {
        var manager = drivenManager(1, 4);

        target.set(4);
        awaitWorkers(manager, 4);
        assertThat(manager.stats().burstWorkers()).isEqualTo(3);
        target.set(2);
        awaitWorkers(manager, 2);
        target.set(1);
        awaitWorkers(manager, 1);

        assertThat(manager.stats().burstWorkers()).isZero();
        Await.until(
                "the end of the burst's resources",
                () -> bed.factory().destroyed().size() == 3);
        target.set(3);
        awaitWorkers(manager, 3);
    }

    @Test
    void runsTasksOnTheWorkersOfABurst() {
        var manager = drivenManager(1, 3);
        target.set(3);

        Gate gate = bed.occupy(manager, 3);

        assertThat(manager.stats().busyWorkers()).isEqualTo(3);
        gate.open();
    }

    @Test
    void countsCreationsUnderWay() {
        Gate gate = bed.gate();
        bed.factory().next(succeed()).otherwise(block(gate, succeed()));
        target.set(Integer.MAX_VALUE);
        var manager = drivenManager(1, 4);

        Await.until("all starting", () -> manager.stats().startingWorkers() == 3);
        awaitDecisions(30);
        assertThat(manager.stats().startingWorkers()).isEqualTo(3);
        gate.open();
        awaitWorkers(manager, 4);
        awaitDecisions(30);

        assertThat(bed.factory().peakLiving()).isEqualTo(4);
        assertThat(bed.factory().created()).hasSize(4);
    }

    @Test
    void neverHasMoreThanTheMaximumWhileTheTargetSwingsAndResourcesBreak() {
        var manager = bed.manager(config -> config.workerCount(2)
                .maxWorkerCount(5)
                .resourcePoolSize(0)
                .burstInterval(Duration.ofMillis(1))
                .healthCheck(error -> false)
                .maxRetries(1)
                .scalingPolicy(snapshot -> decisions.incrementAndGet() % 3 == 0 ? 2 : 100));
        List<Answer<Object>> answers = IntStream.range(0, 3_000)
                .mapToObj(i -> bed.<Object>call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    if (i % 10 == 0 && context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return i;
                }))
                .toList();

        answers.forEach(Answer::value);
        awaitDecisions(30);

        assertThat(bed.factory().peakLiving()).isLessThanOrEqualTo(5);
    }

    @Test
    void letsBusyWorkersFinishWhenItShrinks() {
        var manager = drivenManager(1, 3);
        target.set(3);
        awaitWorkers(manager, 3);
        Gate gate = bed.gate();
        List<Answer<Boolean>> answers = IntStream.range(0, 3)
                .mapToObj(i -> bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    gate.pass();
                    return context.isCancelled() || Thread.currentThread().isInterrupted();
                }))
                .toList();
        gate.awaitArrivals(3);

        target.set(1);
        awaitDecisions(10);
        gate.open();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.value()).isFalse());
        awaitWorkers(manager, 1);
    }

    @Test
    void countsAWorkerUntilItsResourceIsDestroyed() {
        var manager = drivenManager(1, 4);
        target.set(4);
        awaitWorkers(manager, 4);
        Gate destruction = bed.gate();
        bed.factory().onDestroy(resource -> destruction.passIgnoringInterrupts());
        target.set(1);
        destruction.awaitArrivals(3);

        target.set(4);
        awaitDecisions(20);
        assertThat(bed.factory().created()).hasSize(4);

        destruction.open();
        awaitWorkers(manager, 4);
        assertThat(bed.factory().peakLiving()).isEqualTo(4);
    }

    /** The failed creation of a runTask must not keep workers from growing, for nobody may ever call runTask again. */
    @Test
    void growsAgainAfterAFailedCreationThatNobodyRepeats() {
        bed.factory().next(succeed()).next(fail(new IOException("no connection")));
        var manager = drivenManager(1, 3);
        awaitWorkers(manager, 1);
        bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> null).error(ResourceCreationException.class);

        target.set(3);

        awaitWorkers(manager, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1})
    void takesTheBaseForATargetBelowIt(int absurd) {
        var manager = drivenManager(2, 4);
        target.set(4);
        awaitWorkers(manager, 4);

        target.set(absurd);
        awaitWorkers(manager, 2);
        awaitDecisions(10);

        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
    }

    @Test
    void takesTheMaximumForATargetBeyondIt() {
        var manager = drivenManager(1, 3);

        target.set(Integer.MAX_VALUE);
        awaitWorkers(manager, 3);
        awaitDecisions(10);

        assertThat(bed.factory().peakLiving()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class})
    void keepsTheCountWhenThePolicyThrows(Class<? extends Throwable> type) throws Exception {
        Throwable error = type.getDeclaredConstructor().newInstance();
        var failing = new AtomicInteger();
        var manager = bed.manager(config -> config.maxWorkerCount(3)
                .resourcePoolSize(0)
                .burstInterval(TICK)
                .scalingPolicy(snapshot -> {
                    decisions.incrementAndGet();
                    if (failing.get() > 0) {
                        throw Sneaky.rethrow(error);
                    }
                    return target.get();
                }));
        target.set(2);
        awaitWorkers(manager, 2);

        failing.set(1);
        awaitDecisions(10);
        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
        assertThat(bed.logger().hasCause(error)).isTrue();

        failing.set(0);
        target.set(3);
        awaitWorkers(manager, 3);
    }

    @Test
    void neverAsksThePolicyWithABurstIntervalOfZero() {
        var asked = new AtomicInteger();
        var manager = bed.manager(config -> config.maxWorkerCount(4)
                .burstInterval(Duration.ZERO)
                .scalingPolicy(snapshot -> asked.incrementAndGet()));
        bed.occupy(manager, 1);
        IntStream.range(0, 100)
                .forEach(i -> bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null));
        drivenManager(1, 2);

        awaitDecisions(50);

        assertThat(asked.get()).isZero();
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
        assertThat(manager.stats().startingWorkers()).isZero();
    }

    @Test
    void tellsThePolicyWhereTheManagerStands() {
        target.set(2);
        var manager = drivenManager(2, 5);
        awaitWorkers(manager, 2);
        bed.occupy(manager, 2);
        for (int i = 0; i < 4; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        }
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC, manager, (context, resource) -> null);
        }

        awaitDecisions(2);

        ScalingSnapshot snapshot = last.get();
        assertThat(snapshot.baseWorkers()).isEqualTo(2);
        assertThat(snapshot.maxWorkers()).isEqualTo(5);
        assertThat(snapshot.activeWorkers()).isEqualTo(2);
        assertThat(snapshot.startingWorkers()).isZero();
        assertThat(snapshot.busyWorkers()).isEqualTo(2);
        assertThat(snapshot.backlog()).isEqualTo(7);
        assertThat(snapshot.arrivalRate()).isPositive();
        assertThat(snapshot.completionRate()).isZero();
        assertThat(snapshot.averageExecutionTime()).isZero();
        assertThat(snapshot.resourceCreationTime()).isPositive();
        assertThat(snapshot.idleTime()).isZero();
    }

    @Test
    void tellsThePolicyForHowLongNothingWaited() {
        var manager = drivenManager(1, 2);
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();

        Await.until(
                "idle time",
                () -> last.get() != null
                        && last.get().idleTime().compareTo(TICK) > 0
                        && last.get().completionRate() > 0
                        && last.get().averageExecutionTime().compareTo(Duration.ZERO) > 0);
    }

    @Test
    void asksThePolicyOnceInEachInterval() {
        Duration interval = Duration.ofSeconds(1);
        bed.timedManager(
                config -> config.burstInterval(interval).scalingPolicy(snapshot -> decisions.incrementAndGet()));
        bed.timer().advance(interval.minusNanos(1));
        assertThat(decisions).hasValue(0);
        bed.timer().advance(Duration.ofNanos(1));
        assertThat(decisions).hasValue(1);
        bed.timer().advance(interval.multipliedBy(5));
        assertThat(decisions).hasValue(6);
    }

    @Test
    void takesNoNoticeOfRunTask() {
        Duration interval = Duration.ofSeconds(1);
        var manager = timedManager(interval);
        Gate gate = bed.gate();
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }
        gate.awaitArrivals(3);
        bed.timer().advance(interval);
        assertNoDemand(0);
        gate.open();
        Await.until("the end of all three", () -> manager.metrics().totalTasksCompleted() == 3);
        bed.timer().advance(interval);
        assertNoDemand(1);
        assertThat(last.get().completionRate()).isZero();
        assertThat(last.get().averageExecutionTime()).isZero();
    }

    /** Nothing waits or has arrived, and for so many intervals nothing has. */
    private void assertNoDemand(int intervals) {
        assertThat(last.get().arrivalRate()).isZero();
        assertThat(last.get().backlog()).isZero();
        assertThat(last.get().busyWorkers()).isZero();
        assertThat(last.get().idleTime()).isGreaterThanOrEqualTo(Duration.ofSeconds(intervals));
    }

    @EveryRetriedForm
    void takesNoRetryForDemand(EntryPoint entry) {
        Duration interval = Duration.ofSeconds(1);
        var manager = timedManager(interval);
        List<Answer<Object>> failing = IntStream.range(0, 3)
                .mapToObj(i -> bed.<Object>call(entry, manager, (context, resource) -> {
                    throw new IOException("unhealthy");
                }))
                .toList();
        Await.until("the back-off of all three", () -> manager.stats().retryingTasks() == 3);
        bed.timer().advance(interval);
        assertThat(last.get().arrivalRate()).isEqualTo(3);
        assertThat(last.get().backlog()).isZero();
        manager.control().pause();
        bed.timer().advance(interval); // and now all are due
        assertThat(manager.stats().retryingTasks()).isEqualTo(3);
        assertThat(last.get().arrivalRate()).isEqualTo(1.5);
        assertThat(last.get().backlog()).isZero();
        manager.control().resume();
        failing.forEach(Answer::error);
        bed.timer().advance(interval);
        assertThat(last.get().arrivalRate()).isEqualTo(1);
    }

    /** A manager of one worker in the time of the test, which retries after an interval and a half. */
    private TaskManager<Resource, Object> timedManager(Duration interval) {
        Duration pause = interval.multipliedBy(3).dividedBy(2);
        var manager = bed.timedManager(config -> config.burstInterval(interval)
                .healthCheck(error -> false)
                .creationBackoff(Backoff.none())
                .maxRetries(1)
                .retryBackoff(new Backoff(pause, 1, pause, 0))
                .scalingPolicy(snapshot -> {
                    last.set(snapshot);
                    return 1;
                }));
        Await.until("the worker", () -> manager.stats().activeWorkers() == 1);
        return manager;
    }

    @EveryNonBlockingForm
    void growsForABacklogWithTheDefaultPolicy(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.maxWorkerCount(3).resourcePoolSize(0).burstInterval(TICK));
        Gate gate = bed.gate();
        for (int i = 0; i < 50; i++) {
            bed.call(entry, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }

        gate.awaitArrivals(3);

        assertThat(manager.stats().activeWorkers()).isEqualTo(3);
        gate.open();
    }

    @Test
    void shrinksAfterABurstWithTheDefaultPolicy() {
        var manager = bed.manager(
                config -> config.maxWorkerCount(3).resourcePoolSize(0).burstInterval(TICK));
        Gate gate = bed.gate();
        List<Answer<Object>> answers = IntStream.range(0, 50)
                .mapToObj(i -> bed.<Object>call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
                    gate.pass();
                    return null;
                }))
                .toList();
        gate.awaitArrivals(3);

        gate.open();
        answers.forEach(Answer::value);

        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofMinutes(2))
                .until(() -> manager.stats().activeWorkers() == 1);
        Await.until(
                "the end of the burst's resources", () -> bed.factory().alive().size() == 1);
    }

    @Test
    void tellsThePolicyHowLongACreationTakesThoughOneHungForAWhile() {
        Duration interval = Duration.ofMinutes(1);
        bed.factory().next(taking(1), taking(20)).otherwise(taking(2));
        var manager = timedManager(interval);
        assertThat(creationTimeAfter(interval)).isEqualTo(Duration.ofSeconds(1));

        manager.control().resize(2, 4);
        awaitWorkers(manager, 2);
        assertThat(creationTimeAfter(interval)).isEqualTo(Duration.ofSeconds(1));
        manager.control().resize(3, 4);
        awaitWorkers(manager, 3);

        assertThat(creationTimeAfter(interval)).isEqualTo(Duration.ofSeconds(2));
    }

    /** A creation that takes so long in the time of the test. */
    private Step taking(int seconds) {
        return factory -> {
            bed.timer().advance(Duration.ofSeconds(seconds));
            return succeed().create(factory);
        };
    }

    private Duration creationTimeAfter(Duration interval) {
        bed.timer().advance(interval);
        return last.get().resourceCreationTime();
    }

    @Test
    void keepsWhatWorksWhileNothingCanBeCreated() {
        bed.factory().next(succeed(), succeed(), succeed()).otherwise(fail(new IOException("no connection")));
        var manager = bed.timedManager(config -> config.maxWorkerCount(4)
                .resourcePoolSize(0)
                .burstInterval(TICK)
                .scalingPolicy(snapshot -> target.get()));
        scaleTo(3);
        awaitWorkers(manager, 3);
        Gate gate = bed.occupy(manager, 3);
        scaleTo(4);
        Await.until("an outage", () -> manager.control().isOutage());

        scaleTo(1);
        awaitWorkers(manager, 3); // the one that has no resource went
        gate.open();
        bed.awaitIdleWorkers(manager, 3);
        bed.timer().advance(TICK.multipliedBy(10));

        assertThat(manager.control().isOutage()).isTrue();
        assertThat(manager.stats().activeWorkers()).isEqualTo(3);
        assertThat(bed.factory().destroyed()).isEmpty();
        bed.timer().advance(Duration.ofSeconds(1)); // the back-off is over, and nobody wants another
        awaitWorkers(manager, 1);
    }

    private void scaleTo(int workers) {
        target.set(workers);
        bed.timer().advance(TICK);
    }

    @Test
    void isToldAsAnEventAndLoggedForDebuggingAlone() {
        var manager = drivenManager(1, 2);
        target.set(2);
        awaitWorkers(manager, 2);

        String change = "from 1 to 2 workers";
        assertThat(manager.control().events())
                .anyMatch(event -> event.type() == Type.SCALED && event.detail().equals(change));
        assertThat(bed.logger().lines())
                .filteredOn(line -> line.text().contains(change))
                .extracting(Line::level)
                .containsOnly(Level.DEBUG);
    }

    /** The timer's thread has nothing to wait for but the next action; and later, nothing again. */
    @ParameterizedTest
    @EveryNonBlockingForm
    void makesNoTicksWhileAllBaseWorkersWaitAndScalesAsSoonAsTheyDoNot(EntryPoint entry) {
        var manager = bed.manager(config -> config.name("resting")
                .workerCount(2)
                .maxWorkerCount(4)
                .resourcePoolSize(0)
                .burstInterval(TICK));
        awaitRest();
        Gate gate = bed.gate();
        List<Answer<Object>> answers = IntStream.range(0, 50)
                .mapToObj(i -> bed.<Object>call(entry, manager, (context, resource) -> {
                    gate.pass();
                    return null;
                }))
                .toList();
        gate.awaitArrivals(4);

        gate.open();
        answers.forEach(Answer::value);

        // In this order: a timer that waits for a lock is at rest for a moment, too.
        Await.until("no more than the base workers", () -> manager.stats().activeWorkers() == 2);
        awaitRest();
        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
    }

    private static void awaitRest() {
        Await.until(
                "a timer at rest",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().startsWith("resting-timer")
                                && thread.getState() == Thread.State.WAITING));
    }

    /** A manager with as many workers as {@link #target} says. */
    private TaskManager<Resource, Object> drivenManager(int base, int max) {
        return bed.manager(config -> config.workerCount(base)
                .maxWorkerCount(max)
                .resourcePoolSize(0)
                .burstInterval(TICK)
                .scalingPolicy(snapshot -> {
                    last.set(snapshot);
                    decisions.incrementAndGet();
                    return target.get();
                }));
    }

    private static void awaitWorkers(TaskManager<Resource, Object> manager, int count) {
        Await.until(
                count + " workers",
                () -> manager.stats().activeWorkers() == count
                        && manager.stats().startingWorkers() == 0);
    }

    /** Waits until the policy was asked so many times more: as good as time for what must not happen. */
    private void awaitDecisions(int count) {
        int before = decisions.get();
        Await.until(count + " decisions", () -> decisions.get() >= before + count);
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingCollector;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The run timeout: its task hears of it and its caller is answered, once; nothing of it reaches the next task. */
class RunTimeoutTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    static Stream<EntryPoint> blockingForms() {
        return EntryPoint.all().filter(EntryPoint::isBlocking);
    }

    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Gate gate = bed.gate();

    @EveryEntryPoint
    void cancelsTheContextInterruptsTheThreadAndAnswersTheCaller(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            context.onCancel(() -> notes.add("action"));
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("interrupted, cancelled: " + context.isCancelled());
                throw e;
            }
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT.minus(TICK));
        assertThat(answer.isDone()).isFalse();
        assertThat(notes).isEmpty();
        bed.timer().advance(TICK);

        answer.error(TaskTimeoutException.class);
        Await.untilAsserted(
                () -> assertThat(notes).containsExactlyInAnyOrder("action", "interrupted, cancelled: true"));
        assertThat(gate.isOpen()).isFalse();
    }

    @EveryNonBlockingForm
    void answersWhileTheTaskStillRuns(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Answer<Object> answer = stubborn(entry, manager);

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
        assertThat(gate.isOpen()).isFalse();
        assertThat(manager.stats().busyWorkers()).isEqualTo(1); // the worker is not free before its task returns
        gate.open();
        Await.until("the worker's return", () -> manager.stats().busyWorkers() == 0);
        assertThat(bed.factory().created()).hasSize(1);
    }

    @EveryEntryPoint
    void namesTaskManagerAndLimit(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.name("photos").taskTimeout(LIMIT));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            notes.add(context.taskName());
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        assertThat(answer.error(TaskTimeoutException.class))
                .message()
                .contains("\"" + notes.get(0) + "\"", "\"photos\"", "timeout (PT5S)");
    }

    @Test
    void namesTheTaskByItsOptions() {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder().name("thumbnail"), (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        assertThat(answer.error(TaskTimeoutException.class)).message().contains("\"thumbnail\"");
    }

    @EveryEntryPoint
    void isNotRetriedWhateverItThrowsThen(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).healthCheck(error -> false));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            notes.add("attempt");
            gate.pass(); // throws the interrupt, which is unhealthy
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();
        manager.stop();
        assertThat(notes).containsExactly("attempt");
        assertThat(manager.metrics().totalTasksRetried()).isZero();
    }

    @EveryEntryPoint
    void keepsAResourceThatIsFit(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        timeOut(entry, manager);

        bed.call(entry, manager, (context, resource) -> null).value();

        assertThat(bed.factory().destroyed()).isEmpty();
        assertThat(bed.factory().created()).hasSize(entry.isQueued() ? 1 : 2); // a worker's, and a pooled one
    }

    @EveryEntryPoint
    void replacesAResourceThatIsNotFit(EntryPoint entry) {
        Gate started = bed.gate();
        started.open();
        Resource[] spoilt = new Resource[1];
        bed.factory().fitness(resource -> {
            notes.add("validated, interrupted: " + Thread.currentThread().isInterrupted());
            return false;
        });
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            spoilt[0] = resource;
            notes.add("ran");
            started.pass();
            awaitInterrupt();
            return null;
        });
        started.awaitArrivals(1);
        bed.timer().advance(LIMIT);
        answer.error(TaskTimeoutException.class);

        Resource next =
                bed.call(entry, manager, (context, resource) -> resource).value();

        assertThat(next).isNotSameAs(spoilt[0]);
        Await.until("the end of the unfit one", () -> spoilt[0].destructions() == 1);
        assertThat(notes).containsExactly("ran", "validated, interrupted: false");
    }

    @EveryEntryPoint
    void asksForNoValidationOfATaskThatEndedInTime(EntryPoint entry) {
        bed.factory().fitness(resource -> notes.add("validated"));
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));

        bed.call(entry, manager, (context, resource) -> null).value();
        bed.timer().advance(LIMIT);
        bed.call(entry, manager, (context, resource) -> null).value();

        assertThat(notes).isEmpty();
        assertThat(manager.metrics().totalTasksTimedOut()).isZero();
    }

    @EveryQueueForm
    void startsItsClockWithTheAttemptAndNotInTheQueue(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Gate before = bed.gate();
        Answer<Object> first =
                bed.submit(manager, TaskOptions.builder().timeout(LIMIT.multipliedBy(9)), (context, resource) -> {
                    before.pass();
                    return null;
                });
        before.awaitArrivals(1);
        Answer<String> queued = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return "in time";
        });
        Await.until(
                "the task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);
        bed.timer().advance(LIMIT.multipliedBy(2));
        before.open();
        first.value();
        gate.awaitArrivals(1);
        bed.timer().advance(LIMIT.minus(TICK));
        assertThat(queued.isDone()).isFalse();
        gate.open();

        assertThat(queued.value()).isEqualTo("in time");
    }

    @EveryRetriedForm
    void startsItsClockAnewForEachAttempt(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT).healthCheck(error -> false));
        List<Gate> ofAttempts = List.of(bed.gate(), bed.gate(), bed.gate());
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            ofAttempts.get(context.attempt() - 1).pass();
            throw new IOException("unhealthy");
        });
        for (Gate attempt : ofAttempts.subList(0, 2)) {
            attempt.awaitArrivals(1);
            bed.timer().advance(LIMIT.minus(TICK));
            attempt.open();
        }
        ofAttempts.get(2).awaitArrivals(1);
        bed.timer().advance(LIMIT.minus(TICK));
        assertThat(answer.isDone()).isFalse();

        bed.timer().advance(TICK);

        answer.error(TaskTimeoutException.class);
        assertThat(manager.metrics().totalTasksRetried()).isEqualTo(2);
    }

    @EveryRetriedForm
    void doesNotRunThroughABackoff(EntryPoint entry) {
        Duration pause = LIMIT.multipliedBy(3);
        var manager = bed.timedManager(config ->
                config.taskTimeout(LIMIT).healthCheck(error -> false).retryBackoff(new Backoff(pause, 1, pause, 0)));
        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            return context.attempt();
        });
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        bed.timer().advance(pause);

        assertThat(answer.value()).isEqualTo(2);
    }

    @EveryEntryPoint
    void leavesNoInterruptToTheNextTask(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Gate started = bed.gate();
        started.open();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            started.pass();
            awaitInterrupt();
            return null;
        });
        started.awaitArrivals(1);
        bed.timer().advance(LIMIT);
        answer.error(TaskTimeoutException.class);

        assertThat(bed.call(
                                entry,
                                manager,
                                (context, resource) -> Thread.currentThread().isInterrupted() || context.isCancelled())
                        .value())
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("blockingForms")
    void leavesNoInterruptToItsCaller(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Gate started = bed.gate();
        started.open();
        Background<Boolean> caller = Background.start(() -> {
            Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
                started.pass();
                awaitInterrupt();
                return null;
            });
            boolean interrupted = Thread.interrupted();
            answer.error(TaskTimeoutException.class);
            return interrupted;
        });
        started.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        assertThat(caller.value()).isFalse();
    }

    /** The end of a task races its timeout, many times over, in real time. */
    @EveryAsyncForm
    void neverStraysToTheNextTask(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskTimeout(Duration.ofNanos(40_000)));
        var limits = TaskOptions.builder().timeout(Duration.ofHours(1));
        var strays = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            Answer<Object> limited = bed.call(entry, manager, (context, resource) -> null);
            Answer<Object> next = bed.submit(manager, limits, (context, resource) -> {
                for (int spin = 0; spin < 2_000; spin++) {
                    if (Thread.currentThread().isInterrupted() || context.isCancelled()) {
                        strays.incrementAndGet();
                        break;
                    }
                    Thread.onSpinWait();
                }
                return null;
            });
            next.value();
            limited.await();
        }

        assertThat(strays).hasValue(0);
        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksCompleted() + metrics.totalTasksTimedOut()).isEqualTo(600);
    }

    @EveryEntryPoint
    void isCountedOnceByMetricsCollectorAndListener(EntryPoint entry) {
        var collector = new RecordingCollector();
        var listener = new RecordingListener();
        var manager = bed.timedManager(
                config -> config.taskTimeout(LIMIT).collector(collector).listener(listener));
        timeOut(entry, manager);
        manager.stop();

        assertThat(collector.arrivals()).isEqualTo(1);
        assertThat(collector.terminals()).isEqualTo(1);
        assertThat(collector.timeouts()).hasSize(1);
        assertThat(collector.timeouts().get(0).executionTime()).isEqualTo(LIMIT);
        assertThat(listener.finished()).hasSize(1);
        TaskFinished event = listener.finished().get(0);
        assertThat(event.outcome()).isEqualTo(TaskOutcome.TIMED_OUT);
        assertThat(event.attempts()).isEqualTo(1);
        assertThat(event.lane()).isEqualTo(entry.lane());
        assertThat(event.stamps()).isEqualTo(collector.timeouts().get(0));
    }

    @EveryEntryPoint
    void isCountedInTheTotals(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        timeOut(entry, manager);
        bed.call(entry, manager, (context, resource) -> null).value();

        TaskMetrics metrics = manager.metrics();
        assertThat(metrics.totalTasksTimedOut()).isEqualTo(1);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(1);
        assertThat(metrics.totalTasksCancelled()).isZero();
        assertThat(metrics.totalTasksRetried()).isZero();
        assertThat(metrics.totalTasksArrived()).isEqualTo(2);
    }

    @Test
    void takesTheLimitOfTheOptionsBeforeThatOfTheConfig() {
        var manager = bed.timedManager(config -> config.taskTimeout(LIMIT));
        Duration longer = LIMIT.multipliedBy(2);
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder().timeout(longer), (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(longer.minus(TICK));
        assertThat(answer.isDone()).isFalse();
        bed.timer().advance(TICK);

        assertThat(answer.error(TaskTimeoutException.class)).message().contains("PT10S");
    }

    @Test
    void takesTheLimitOfTheOptionsWhereTheConfigHasNone() {
        var manager = bed.timedManager(config -> config);
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder().timeout(LIMIT), (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
    }

    @EveryEntryPoint
    void neverComesWithoutALimit(EntryPoint entry) {
        var manager = bed.timedManager(config -> config);
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return "late";
        });
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofDays(365));
        gate.open();

        assertThat(answer.value()).isEqualTo("late");
    }

    @Test
    void isHeldUpByNoActionOfAnotherTask() {
        var manager = bed.manager(config -> config.workerCount(2).taskTimeout(Duration.ofMillis(20)));
        Gate action = bed.gate();
        Answer<Object> first = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            context.onCancel(action::passIgnoringInterrupts);
            gate.passIgnoringInterrupts();
            return null;
        });
        action.awaitArrivals(1);

        Answer<Object> second = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });

        second.error(TaskTimeoutException.class);
        assertThat(action.isOpen()).isFalse();
        first.error(TaskTimeoutException.class);
    }

    @Test
    void isHeldUpByNothingThatACallerHangsOnItsFuture() {
        var manager = bed.manager(config -> config.workerCount(2).taskTimeout(Duration.ofMillis(20)));
        Gate dependent = bed.gate();
        Answer<Object> first = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        var chained = first.future().whenComplete((value, error) -> dependent.passIgnoringInterrupts());
        dependent.awaitArrivals(1);

        Answer<Object> second = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return null;
        });

        second.error(TaskTimeoutException.class);
        assertThat(chained).isNotDone();
    }

    /** Has a task run into the limit and return, and returns once its worker is free again. */
    private void timeOut(EntryPoint entry, TaskManager<Resource, Object> manager) {
        int before = gate.arrivals();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(before + 1);
        bed.timer().advance(LIMIT);
        answer.error(TaskTimeoutException.class);
        Await.until("the worker's return", () -> manager.stats().busyWorkers() == 0);
    }

    /** Returns with the interrupt pending. */
    private static void awaitInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    private Answer<Object> stubborn(EntryPoint entry, TaskManager<Resource, Object> manager) {
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.passIgnoringInterrupts();
            return null;
        });
        gate.awaitArrivals(1);
        return answer;
    }
}

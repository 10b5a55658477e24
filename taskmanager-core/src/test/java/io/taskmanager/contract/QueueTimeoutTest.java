package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The queue timeout: a task that is not started in time is answered and leaves its lane; one that is, is let be. */
class QueueTimeoutTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration TICK = Duration.ofMillis(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final Gate gate = bed.gate();

    @EveryQueueForm
    void answersATaskThatIsNotStartedInTimeAndNeverRunsIt(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.name("photos").queueTimeout(LIMIT));
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> answer = queue(entry, manager, "late");

        bed.timer().advance(LIMIT.minus(TICK));
        assertThat(answer.isDone()).isFalse();
        assertThat(depth(manager)).isEqualTo(1);
        bed.timer().advance(TICK);

        assertThat(answer.error(TaskTimeoutException.class))
                .message()
                .contains("task \"", "\"photos\"", "queueTimeout (PT5S)");
        assertThat(depth(manager)).isZero();
        assertThat(busy.isOpen()).isFalse();
        busy.open();
        manager.stop();
        assertThat(ran).isEmpty();
    }

    @EveryNonBlockingForm
    void freesItsSlotAtOnce(EntryPoint entry) {
        var manager = bed.timedManager(
                config -> config.queueTimeout(LIMIT).queueCapacity(1).priorityQueueCapacity(1));
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> late = queue(entry, manager, "late");
        bed.call(entry, manager, (context, resource) -> null).error(TaskRejectedException.class);

        bed.timer().advance(LIMIT);
        Answer<Object> next = bed.call(entry, manager, (context, resource) -> ran.add("next"));

        late.error(TaskTimeoutException.class);
        busy.open();
        next.value();
        assertThat(ran).containsExactly("next");
    }

    @EveryQueuedBlockingForm
    void letsACallerInThatWaitsForRoom(EntryPoint entry) {
        var manager = bed.timedManager(
                config -> config.queueTimeout(LIMIT).queueCapacity(1).priorityQueueCapacity(1));
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> late = queue(entry, manager, "late");
        Answer<Object> next = bed.call(entry, manager, (context, resource) -> ran.add("next"));
        Await.waitUntilParked(next.caller());
        assertThat(depth(manager)).isEqualTo(1);

        bed.timer().advance(LIMIT);

        late.error(TaskTimeoutException.class);
        Await.until("the next in the lane", () -> depth(manager) == 1);
        busy.open();
        next.value();
        assertThat(ran).containsExactly("next");
    }

    @EveryQueueForm
    void leavesATaskAloneThatHasStarted(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.queueTimeout(LIMIT));
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return "cancelled: " + context.isCancelled();
        });
        gate.awaitArrivals(1);

        bed.timer().advance(LIMIT.multipliedBy(10));
        gate.open();

        assertThat(answer.value()).isEqualTo("cancelled: false");
    }

    @EveryRetriedForm
    void doesNotCountTheWaitForARetry(EntryPoint entry) {
        Duration pause = LIMIT.multipliedBy(3);
        var manager = bed.timedManager(config ->
                config.queueTimeout(LIMIT).healthCheck(error -> false).retryBackoff(new Backoff(pause, 1, pause, 0)));
        Answer<Integer> answer = failOnce(entry, manager);
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);
        Gate busy = bed.occupy(manager, 1);

        bed.timer().advance(pause.multipliedBy(2)); // through the back-off, and on in the retry lane
        assertThat(answer.isDone()).isFalse();
        busy.open();

        assertThat(answer.value()).isEqualTo(2);
    }

    @Test
    void doesNotApplyToRunTask() {
        var manager = bed.timedManager(
                config -> config.queueTimeout(LIMIT).resourcePoolSize(1).maxTemporaryResources(0));
        Answer<Object> first = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        Answer<Object> second = bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> ran.add("second"));
        Await.waitUntilParked(second.caller());

        bed.timer().advance(LIMIT);
        gate.open();

        first.value();
        second.value();
    }

    @EveryQueueForm
    void isCountedOnceByCollectorAndListener(EntryPoint entry) {
        var collector = new RecordingCollector();
        var listener = new RecordingListener();
        var manager = bed.timedManager(
                config -> config.queueTimeout(LIMIT).collector(collector).listener(listener));
        bed.occupy(manager, 1);
        Answer<Object> answer = queue(entry, manager, "late");

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
        assertThat(collector.timeouts()).hasSize(1);
        assertThat(collector.terminals()).isEqualTo(1);
        assertThat(collector.timeouts().get(0).waitTime()).isEqualTo(LIMIT);
        assertThat(collector.timeouts().get(0).executionTime()).isZero();
        assertThat(listener.finished()).hasSize(1);
        TaskFinished event = listener.finished().get(0);
        assertThat(event.outcome()).isEqualTo(TaskOutcome.TIMED_OUT);
        assertThat(event.attempts()).isZero();
        assertThat(event.lane()).isEqualTo(entry.lane());
    }

    @EveryQueueForm
    void isCountedInTheTotals(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.queueTimeout(LIMIT));
        bed.occupy(manager, 1);
        Answer<Object> answer = queue(entry, manager, "late");

        bed.timer().advance(LIMIT);

        answer.error(TaskTimeoutException.class);
        assertThat(manager.metrics().totalTasksTimedOut()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksCancelled()).isZero();
        assertThat(manager.metrics().totalTasksFailed()).isZero();
    }

    @EveryQueueForm
    void letsAStopEndThatWaitedForTheTask(EntryPoint entry) {
        var manager = bed.timedManager(config -> config.queueTimeout(LIMIT));
        Gate busy = bed.occupy(manager, 1);
        Answer<Object> answer = queue(entry, manager, "late");
        var stop = Background.start(() -> manager.stop()).parked();

        bed.timer().advance(LIMIT);
        answer.error(TaskTimeoutException.class);
        busy.open();

        var report = stop.value();
        assertThat(report.completed()).isEqualTo(1);
        assertThat(report.completed()
                        + report.failed()
                        + report.cancelled()
                        + report.neverStarted()
                        + report.abandoned())
                .isEqualTo(2);
    }

    @Test
    void takesTheLimitOfTheOptionsBeforeThatOfTheConfig() {
        var manager = bed.timedManager(config -> config.queueTimeout(LIMIT));
        bed.occupy(manager, 1);
        Duration longer = LIMIT.multipliedBy(2);
        Answer<Object> longest =
                bed.submit(manager, TaskOptions.builder().queueTimeout(longer), (context, resource) -> null);
        Answer<Object> shortest =
                bed.submit(manager, TaskOptions.builder().queueTimeout(TICK), (context, resource) -> null);

        bed.timer().advance(TICK);
        shortest.error(TaskTimeoutException.class);
        bed.timer().advance(LIMIT);
        assertThat(longest.isDone()).isFalse();
        bed.timer().advance(LIMIT);

        assertThat(longest.error(TaskTimeoutException.class)).message().contains("PT10S");
    }

    @Test
    void isAClockOfItsOwn() {
        var manager = bed.timedManager(config -> config.queueTimeout(LIMIT).taskTimeout(LIMIT));
        Gate busy = bed.gate();
        Answer<Object> first =
                bed.submit(manager, TaskOptions.builder().timeout(Duration.ofHours(1)), (context, resource) -> {
                    busy.pass();
                    return null;
                });
        busy.awaitArrivals(1);
        Answer<Object> second = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            gate.pass();
            return "in time";
        });
        bed.timer().advance(LIMIT.minus(TICK)); // in the queue
        busy.open();
        first.value();
        gate.awaitArrivals(1);
        bed.timer().advance(LIMIT.minus(TICK)); // on the worker
        assertThat(second.isDone()).isFalse();
        gate.open();

        assertThat(second.value()).isEqualTo("in time");
    }

    /** The start of a task races its timeout, many times over, in real time: either it ran, or it timed out. */
    @EveryNonBlockingForm
    void eitherRunsOrTimesOut(EntryPoint entry) {
        var manager = bed.manager(config -> config.queueTimeout(Duration.ofNanos(30_000)));
        for (int i = 0; i < 100; i++) {
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> ran.add("ran"));
            answer.await();
        }
        manager.stop();

        var metrics = manager.metrics();
        assertThat(metrics.totalTasksCompleted()).isEqualTo(ran.size());
        assertThat(metrics.totalTasksCompleted() + metrics.totalTasksTimedOut()).isEqualTo(100);
    }

    private Answer<Integer> failOnce(EntryPoint entry, TaskManager<Resource, Object> manager) {
        return bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            return context.attempt();
        });
    }

    private Answer<Object> queue(EntryPoint entry, TaskManager<Resource, Object> manager, String name) {
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> ran.add(name));
        Await.until(name + " in its lane", () -> depth(manager) == 1);
        return answer;
    }

    private static int depth(TaskManager<?, ?> manager) {
        return manager.stats().queuedTasks() + manager.stats().priorityTasks();
    }
}

package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ShutdownReport;
import io.taskmanager.StartupPolicy;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig.Builder;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskStats;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** While no resource can be created: what is held, what is answered, and what is told. */
class OutageTest {

    /** Of real time, since callers wait in that. */
    private static final Duration PATIENCE = Duration.ofMillis(30);

    /** Of the bed's time. */
    private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(30);

    /** How many tasks wait where the depth of the queue is to be no matter. */
    private static final int DEPTH = 100_000;

    private static final Backoff LONG = new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();

    // -- blocking calls ------------------------------------------------------------------------------------------

    @EveryQueuedBlockingForm
    void aCallThatWaitsForItsStartIsRefusedAfterAcquireTimeout(EntryPoint entry) {
        var manager = inOutage();

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);

        TaskRejectedException refusal = answer.error(TaskRejectedException.class);
        assertThat(refusal.reason()).isEqualTo(Reason.NO_RESOURCE);
        assertThat(refusal)
                .hasMessageContaining("java.net.ConnectException")
                .hasMessageContaining("acquireTimeout (PT0.03S)")
                .hasCauseInstanceOf(ConnectException.class);
        assertThat(depth(manager)).isZero();
        assertThat(manager.metrics().totalTasksTimedOut()).isEqualTo(1);
    }

    @Test
    void aCallThatWaitsForItsRetryIsRefusedToo() {
        bed.factory().next(succeed()).otherwise(fail(new ConnectException("down")));
        var manager = bed.manager(config ->
                config.acquireTimeout(PATIENCE).healthCheck(error -> false).creationBackoff(LONG));

        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> {
            throw new IOException("broken");
        });

        assertThat(answer.error(TaskRejectedException.class).reason()).isEqualTo(Reason.NO_RESOURCE);
        assertThat(manager.stats().retryingTasks()).isZero();
    }

    @EveryQueuedBlockingForm
    void aCallOfAPausedManagerIsRefused(EntryPoint entry) {
        var manager = bed.manager(config -> config.acquireTimeout(PATIENCE));
        manager.control().pause();

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);

        assertThat(answer.error(TaskRejectedException.class)).hasMessageContaining("is paused");
    }

    @Test
    void aCallWaitsForAWorkerThatIsBusyHoweverLong() {
        var manager = bed.manager(config -> config.acquireTimeout(Duration.ZERO).maxWorkerCount(1));
        Gate running = bed.occupy(manager, 1);

        Answer<String> answer = callAndWait(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "ran");
        running.open();

        assertThat(answer.value()).isEqualTo("ran");
    }

    @Test
    void aTaskThatRunsIsNotRefused() {
        bed.factory().next(succeed()).otherwise(fail(new ConnectException("down")));
        var manager = bed.manager(config -> config.workerCount(2)
                .acquireTimeout(Duration.ZERO)
                .lending(false)
                .creationBackoff(LONG));
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> {
            gate.pass();
            return "ran";
        });
        gate.awaitArrivals(1);
        awaitOutage(manager);

        gate.open();

        assertThat(answer.value()).isEqualTo("ran");
    }

    @EveryNonBlockingForm
    void aTaskThatNobodyWaitsForIsHeld(EntryPoint entry) {
        var manager = inOutage(bed::manager, config -> config.acquireTimeout(Duration.ZERO));
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "ran");

        recover(manager);

        assertThat(answer.value()).isEqualTo("ran");
    }

    @Test
    @Timeout(120)
    void ofManyTasksOnlyThoseOfCallersWhoWaitAreRefused() {
        var manager = inOutage(bed::timedManager, OutageTest::deep);

        refusesCallersWhoWaitAndHoldsTheOthers(manager, () -> recover(manager));
    }

    @Test
    @Timeout(120)
    void ofManyTasksOfAPausedManagerOnlyThoseOfCallersWhoWaitAreRefused() {
        var manager = bed.timedManager(OutageTest::deep);
        manager.control().pause();

        refusesCallersWhoWaitAndHoldsTheOthers(manager, manager.control()::resume);
    }

    private void refusesCallersWhoWaitAndHoldsTheOthers(TaskManager<Resource, Object> manager, Runnable recovery) {
        AtomicInteger runs = new AtomicInteger();
        List<EntryPoint> blocking = EntryPoint.queuedBlocking().toList();
        List<Answer<Integer>> refused = new ArrayList<>();
        List<Answer<Integer>> held = new ArrayList<>();
        for (EntryPoint entry : blocking) {
            queue(manager, DEPTH / blocking.size() - 1, runs, held);
            refused.add(callAndWait(entry, manager, (context, resource) -> runs.incrementAndGet()));
        }
        assertThat(depth(manager)).isEqualTo(DEPTH);

        bed.timer().advance(ACQUIRE_TIMEOUT.minusNanos(1));
        assertThat(depth(manager)).as("before the timeout").isEqualTo(DEPTH);
        bed.timer().advance(Duration.ofNanos(1));
        assertThat(depth(manager)).as("at the timeout").isEqualTo(held.size());
        bed.timer().advance(ACQUIRE_TIMEOUT);
        assertThat(depth(manager)).as("long after the timeout").isEqualTo(held.size());

        assertThat(refused)
                .allSatisfy(answer -> assertThat(
                                answer.error(TaskRejectedException.class).reason())
                        .isEqualTo(Reason.NO_RESOURCE));
        assertThat(held).noneMatch(Answer::isDone);

        recovery.run();

        for (int i = 0; i < held.size(); i++) {
            assertThat(held.get(i).value()).isEqualTo(i);
        }
        assertThat(runs).hasValue(held.size());
        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(DEPTH);
        assertThat(manager.metrics().totalTasksTimedOut()).isEqualTo(refused.size());
        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(held.size());
    }

    // -- new resources that break at once --------------------------------------------------------------------------

    @Test
    void threeNewResourcesInARowThatBreakInTheirFirstTaskAreAnOutage() {
        var manager = bed.manager(
                config -> config.healthCheck(error -> false).maxRetries(0).creationBackoff(LONG));

        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, broken()).error();
        }

        awaitOutage(manager);
        assertThat(bed.factory().calls()).isEqualTo(3);
        assertThat(manager.control().events())
                .anyMatch(event -> event.type() == Type.CREATION_FAILED
                        && event.detail().contains("3 new resources in a row broke in their first task"));
    }

    @Test
    void aResourceThatServesItsFirstTaskEndsIt() {
        var manager = bed.manager(
                config -> config.healthCheck(error -> false).maxRetries(0).creationBackoff(LONG));
        for (int i = 0; i < 3; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, broken()).error();
        }
        awaitOutage(manager);
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "served");

        manager.control().probe();

        assertThat(answer.value()).isEqualTo("served");
        Await.until("the end of the outage", () -> !manager.control().isOutage());
        assertThat(bed.logger().lines()).anyMatch(line -> line.text().contains("resources can be created again"));
    }

    @Test
    void aResourceThatServedBeforeItBrokeIsNone() {
        var manager = bed.manager(
                config -> config.healthCheck(error -> false).maxRetries(0).creationBackoff(LONG));

        for (int i = 0; i < 4; i++) {
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null)
                    .value();
            bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, broken()).error();
        }

        Await.until("the fifth", () -> bed.factory().created().size() == 5);
        assertThat(manager.control().isOutage()).isFalse();
    }

    // -- a stop ----------------------------------------------------------------------------------------------------

    @Test
    void aStopAnswersAtOnceWhatCanNotRun() {
        var manager = inOutage();
        Answer<Object> main = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        Answer<Object> priority =
                bed.call(EntryPoint.QUEUE_TASK_WITH_PRIORITY_WITH_CALLBACK, manager, (context, resource) -> null);

        ShutdownReport report = manager.stop();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 0, 2, 0));
        assertThat(main.error(TaskCancelledException.class))
                .hasMessageContaining("could create no resource (java.net.ConnectException)");
        priority.error(TaskCancelledException.class);
    }

    @Test
    @Timeout(120)
    void aStopAnswersAtOnceHoweverManyCanNotRun() {
        bed.factory().next(succeed()).otherwise(fail(new ConnectException("down")));
        var manager = bed.timedManager(config -> deep(config).healthCheck(error -> false));
        Answer<Object> retried = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, broken());
        awaitOutage(manager);
        AtomicInteger runs = new AtomicInteger();
        List<Answer<Integer>> queued = new ArrayList<>();
        queue(manager, DEPTH, runs, queued);

        ShutdownReport report = manager.stop();

        assertThat(report).isEqualTo(new ShutdownReport(0, 0, 1, DEPTH, 0));
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        retried.error(TaskCancelledException.class);
        queued.forEach(answer -> answer.error(TaskCancelledException.class));
        assertThat(runs).hasValue(0);
        assertThat(depth(manager)).isZero();
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(DEPTH + 1);
    }

    @Test
    void aStopAnswersWhatCanRunNoLongerSinceTheOutageBeganDuringIt() throws Exception {
        Gate creation = bed.gate();
        bed.factory().next(succeed()).otherwise(block(creation, fail(new ConnectException("down"))));
        var manager = bed.manager(config -> config.healthCheck(error -> false).creationBackoff(LONG));
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, broken());
        creation.awaitArrivals(1);

        Thread stop = new Thread(manager::stop);
        stop.start();
        Await.waitForThreadState(stop, Thread.State.TIMED_WAITING);
        creation.open();

        answer.error(TaskCancelledException.class);
        stop.join();
    }

    @Test
    void aStopDrainsWhatAWorkerCanRun() {
        bed.factory().next(succeed()).otherwise(fail(new ConnectException("down")));
        var manager = bed.manager(config -> config.workerCount(2).creationBackoff(LONG));
        awaitOutage(manager);
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "ran");

        manager.stop();

        assertThat(answer.value()).isEqualTo("ran");
    }

    // -- what is told ----------------------------------------------------------------------------------------------

    @Test
    void explainNamesTheErrorAndTheNextAttempt() {
        bed.factory().otherwise(fail(new ConnectException("secret")));
        var manager = bed.timedManager(
                config -> config.startupPolicy(StartupPolicy.LENIENT).creationBackoff(LONG));
        awaitOutage(manager);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        assertThat(manager.control().explain())
                .isEqualTo("1 tasks wait (main 1, priority 0, retry 0), because no resource can be created:"
                        + " java.net.ConnectException (failures in a row: 1), and the next attempt is in 3600 s.");
    }

    @Test
    void explainNamesACreationThatHangs() {
        bed.factory().otherwise(block(gate, succeed()));
        var manager = bed.timedManager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        gate.awaitArrivals(1);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        bed.timer().advance(Duration.ofSeconds(12));

        assertThat(manager.control().explain()).endsWith("and a creation has been under way for 12 s.");
    }

    @Test
    void explainNamesTheLongestRun() {
        var manager = bed.timedManager(config -> config.maxWorkerCount(1));
        bed.occupy(manager, 1);
        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);
        bed.timer().advance(Duration.ofSeconds(20));

        assertThat(manager.control().longestRun()).isEqualTo(Duration.ofSeconds(20));
        assertThat(manager.control().explain()).contains("one task has run for 20 s");
    }

    @Test
    void aManagerThatHasHadNoWorkerForLongerThanACreationMayTakeIsStalledIfTasksWait() {
        bed.factory().otherwise(block(gate, succeed()));
        var manager = bed.timedManager(
                config -> config.startupPolicy(StartupPolicy.LENIENT).creationTimeout(Duration.ofMinutes(2)));
        gate.awaitArrivals(1);
        bed.timer().advance(Duration.ofMinutes(2).plusNanos(1));
        assertThat(manager.control().isStalled()).as("with nothing to do").isFalse();

        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> null);

        assertThat(manager.control().isStalled()).isTrue();
        bed.factory().otherwise(succeed());
        gate.open();
        bed.timer().advance(Duration.ofHours(1));
        answer.value();
        assertThat(manager.control().isStalled()).isFalse();
    }

    @Test
    void everyResourceIsCounted() {
        var manager = bed.manager(config -> config.workerCount(2).resourcePoolSize(1));
        Await.until("two workers", () -> manager.stats().activeWorkers() == 2);
        assertThat(manager.control().totalResources()).isEqualTo(3);

        for (int i = 0; i < 2; i++) {
            bed.call(EntryPoint.RUN_TASK, manager, (context, resource) -> {
                gate.pass();
                return null;
            });
        }
        gate.awaitArrivals(2);

        assertThat(manager.control().totalResources()).isEqualTo(4);
    }

    // -- tools -----------------------------------------------------------------------------------------------------

    private TaskManager<Resource, Object> inOutage() {
        return inOutage(bed::manager, config -> config.acquireTimeout(PATIENCE));
    }

    /** @param create the bed's way to create a manager */
    private TaskManager<Resource, Object> inOutage(
            Function<UnaryOperator<Builder<Resource>>, TaskManager<Resource, Object>> create,
            UnaryOperator<Builder<Resource>> settings) {
        bed.factory().otherwise(fail(new ConnectException("down")));
        TaskManager<Resource, Object> manager = create.apply(config ->
                settings.apply(config.startupPolicy(StartupPolicy.LENIENT).creationBackoff(LONG)));
        awaitOutage(manager);
        return manager;
    }

    private void recover(TaskManager<?, ?> manager) {
        bed.factory().otherwise(succeed());
        manager.control().probe();
    }

    private static Builder<Resource> deep(Builder<Resource> config) {
        return config.queueCapacity(DEPTH)
                .priorityQueueCapacity(DEPTH)
                .acquireTimeout(ACQUIRE_TIMEOUT)
                .creationBackoff(LONG);
    }

    /** Queues tasks by every form that does not block; each answers with its index among the answers, and counts its runs. */
    private void queue(
            TaskManager<Resource, Object> manager, int count, AtomicInteger runs, List<Answer<Integer>> answers) {
        List<EntryPoint> forms = EntryPoint.nonBlocking().toList();
        for (int i = 0; i < count; i++) {
            int index = answers.size();
            answers.add(bed.call(forms.get(index % forms.size()), manager, (context, resource) -> {
                runs.incrementAndGet();
                return index;
            }));
        }
    }

    /** Makes a call that blocks, and returns when its task is in its lane and its caller waits for the answer. */
    private <T> Answer<T> callAndWait(EntryPoint entry, TaskManager<Resource, Object> manager, Task<Resource, T> task) {
        int before = depth(manager);
        Answer<T> answer = bed.call(entry, manager, task);
        Await.until("a task in its lane", () -> depth(manager) == before + 1);
        Await.waitForThreadState(answer.caller(), Thread.State.WAITING);
        return answer;
    }

    private static int depth(TaskManager<?, ?> manager) {
        TaskStats stats = manager.stats();
        return stats.queuedTasks() + stats.priorityTasks();
    }

    /** Returns once the failure that began it has been told, which comes last. */
    private static void awaitOutage(TaskManager<?, ?> manager) {
        Await.until(
                "an outage",
                () -> manager.control().isOutage()
                        && manager.control().events().stream().anyMatch(event -> event.type() == Type.CREATION_FAILED));
    }

    private static Task<Resource, Object> broken() {
        return (context, resource) -> {
            throw new IOException("broken");
        };
    }
}

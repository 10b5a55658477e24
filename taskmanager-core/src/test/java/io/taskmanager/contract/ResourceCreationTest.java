package io.taskmanager.contract;

import static io.taskmanager.testkit.ScriptedFactory.block;
import static io.taskmanager.testkit.ScriptedFactory.fail;
import static io.taskmanager.testkit.ScriptedFactory.returnNull;
import static io.taskmanager.testkit.ScriptedFactory.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.UnrecoverableResourceException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory.Step;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outage: what a manager does while its factory can't create resources, at its start and later. */
class ResourceCreationTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    static Stream<Throwable> errors() {
        return Stream.of(new IOException("down"), new IllegalStateException("down"), new LinkageError("down"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void failsFastWhenTheFirstCreationFails(Throwable error) {
        bed.factory().otherwise(fail(error));

        var thrown = catchThrowableOfType(
                ResourceCreationException.class,
                () -> bed.manager(config -> config.workerCount(3).resourcePoolSize(2)));

        assertThat(thrown).cause().isSameAs(error);
        assertThat(thrown).message().contains("test");
        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());
        assertThat(bed.factory().alive()).isEmpty();
    }

    /** A broken server, and one that will never take us. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void promisesNoNextAttemptWhenItFailsFast(boolean refused) {
        IOException error = new IOException("down");
        bed.factory().otherwise(fail(refused ? new UnrecoverableResourceException("down", error) : error));
        RecordingLogger logger = new RecordingLogger(false);

        var thrown = catchThrowableOfType(
                ResourceCreationException.class, () -> bed.manager(config -> config.logger(logger)));

        assertThat(thrown).hasMessageNotContainingAny("next attempt", "again");
        assertThat(logger.lines(Level.WARN))
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains("could not create a resource")
                        .doesNotContain("next attempt", "again"));
    }

    @Test
    void tellsOfTheNextAttemptOnceItHasStarted() {
        bed.factory().next(succeed());
        bed.factory().otherwise(fail(new IOException("down")));
        RecordingLogger logger = new RecordingLogger(false);
        var manager = bed.manager(config -> config.logger(logger).workerCount(1).healthCheck(error -> false));

        manager.queueTaskAsync((context, resource) -> {
            throw new IOException("broken");
        });

        Await.untilAsserted(() -> assertThat(logger.lines(Level.WARN))
                .anySatisfy(line -> assertThat(line.text()).contains("could not create", "next attempt")));
    }

    @Test
    void failsFastWhenTheFirstCreationReturnsNull() {
        bed.factory().otherwise(returnNull());

        var thrown = catchThrowableOfType(ResourceCreationException.class, () -> bed.manager(config -> config));

        assertThat(thrown).hasNoCause();
        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());
    }

    @Test
    void leavesNoResourceOfOtherWorkersWhenItFailsFast() {
        bed.factory().next(fail(new IOException("first")));

        assertThatExceptionOfType(ResourceCreationException.class)
                .isThrownBy(() -> bed.manager(config -> config.workerCount(4).resourcePoolSize(2)));

        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());
        assertThat(bed.factory().alive()).isEmpty();
    }

    @Test
    void startsWhenTheFirstCreationSucceedsAndOthersFail() {
        bed.factory().next(succeed(), fail(new IOException()), fail(new IOException()));

        var manager = bed.manager(config -> config.workerCount(3).resourcePoolSize(0));

        Await.until("all workers", () -> manager.stats().activeWorkers() == 3);
    }

    @Test
    void doesNotWaitForAResourceWhenLenient() {
        Gate gate = bed.gate();
        bed.factory().otherwise(block(gate, succeed()));

        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));

        assertThat(manager.state()).isEqualTo(TaskManagerState.RUNNING);
        assertThat(manager.stats().activeWorkers()).isZero();
        assertThat(gate.isOpen()).isFalse();
    }

    static Stream<Step> failingSteps() {
        return Stream.of(fail(new IOException("down")), fail(new LinkageError("down")), returnNull());
    }

    @ParameterizedTest
    @MethodSource("failingSteps")
    void triesAgainUntilAResourceCanBeCreatedWhenLenient(Step failing) {
        bed.factory().next(failing, failing);

        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));

        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> context.attempt())
                        .value())
                .isEqualTo(1);
        assertThat(bed.factory().calls()).isEqualTo(3);
    }

    @Test
    void holdsTheQueueThroughAnOutage() {
        bed.factory().otherwise(fail(new IOException("down")));
        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        List<Answer<Integer>> answers = EntryPoint.queued()
                .map(entry -> bed.call(entry, manager, (context, resource) -> context.attempt()))
                .toList();
        Await.until("a second try", () -> bed.factory().calls() >= 2);
        Await.until(
                "all tasks in their lanes",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == answers.size());
        assertThat(answers).noneMatch(Answer::isDone);

        bed.factory().otherwise(succeed());

        assertThat(answers).allSatisfy(answer -> assertThat(answer.value()).isEqualTo(1));
    }

    @EveryRetriedForm
    void spendsNoRetryOnAnOutage(EntryPoint entry) {
        var manager = bed.manager(config -> config.maxRetries(1).healthCheck(error -> false));
        bed.factory().next(fail(new IOException()), returnNull());

        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            return context.attempt();
        });

        assertThat(answer.value()).isEqualTo(2);
        assertThat(bed.factory().calls()).isEqualTo(4);
        assertThat(manager.metrics().totalTasksRetried()).isEqualTo(1);
    }

    @Test
    void createsOneAtATimeThroughAnOutage() {
        List<Thread> workers = new CopyOnWriteArrayList<>();
        var manager = bed.manager(config -> config.workerCount(4)
                .resourcePoolSize(0)
                .healthCheck(error -> false)
                .threadFactory(work -> {
                    Thread worker = new Thread(work);
                    workers.add(worker);
                    return worker;
                }));
        Await.until("all workers", () -> manager.stats().activeWorkers() == 4);
        Gate canary = bed.gate();
        bed.factory().next(fail(new IOException("down")), block(canary, fail(new IOException("down"))));
        bed.factory().otherwise(fail(new IOException("down")));
        breakWorkers(manager, 1);
        canary.awaitArrivals(1);
        bed.factory().resetPeakCreating();
        int calls = bed.factory().calls();

        breakWorkers(manager, 3);
        Await.until("four workers without a resource", () -> manager.stats().startingWorkers() == 4);
        workers.forEach(Await::waitUntilParked);
        assertThat(bed.factory().calls()).isEqualTo(calls);
        canary.open();
        Await.until("more failures", () -> bed.factory().calls() >= calls + 2);
        assertThat(bed.factory().peakCreating()).isEqualTo(1);

        bed.factory().otherwise(succeed());
        Await.until("all workers", () -> manager.stats().activeWorkers() == 4);
    }

    private void breakWorkers(TaskManager<Resource, Object> manager, int count) {
        Gate together = bed.gate();
        var answers = IntStream.range(0, count)
                .mapToObj(i -> bed.call(EntryPoint.QUEUE_TASK_ONCE_ASYNC, manager, (context, resource) -> {
                    together.pass();
                    throw new IOException("unhealthy");
                }))
                .toList();
        together.awaitArrivals(count);
        together.open();
        answers.forEach(Answer::error);
    }

    @EveryQueueForm
    void killInterruptsACreation(EntryPoint entry) {
        Gate gate = bed.gate();
        bed.factory().otherwise(block(gate, succeed()));
        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);
        gate.awaitArrivals(1);
        Await.until(
                "the task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);

        manager.kill();

        answer.error(TaskCancelledException.class);
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        assertThat(gate.isOpen()).isFalse();
    }

    @Test
    void stopEndsThroughAnOutageWhenNothingIsQueued() {
        bed.factory().otherwise(fail(new IOException("down")));
        var manager = bed.manager(config -> config.startupPolicy(StartupPolicy.LENIENT));
        Await.until("a second try", () -> bed.factory().calls() >= 2);

        manager.stop();

        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }
}

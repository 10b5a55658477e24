package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryQueueForm;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingListener;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocking, callback, async: what each form does when its lane is full. */
class BoundedQueueTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private Gate gate;

    @EveryNonBlockingForm
    void answersQueueFullAtOnce(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.BLOCK);

        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> null);

        assertThat(answer.error(TaskRejectedException.class).reason())
                .isEqualTo(TaskRejectedException.Reason.QUEUE_FULL);
        assertThat(gate.isOpen()).isFalse();
    }

    static Stream<Arguments> nonBlockingFormsAndPolicies() {
        return EntryPoint.nonBlocking()
                .flatMap(entry -> Stream.of(OverflowPolicy.values()).map(policy -> Arguments.of(entry, policy)));
    }

    @ParameterizedTest
    @MethodSource("nonBlockingFormsAndPolicies")
    void answersQueueFullUnderEveryPolicy(EntryPoint entry, OverflowPolicy policy) {
        var manager = fullManager(entry, policy);
        assertThat(bed.callHere(entry, manager, (context, resource) -> null)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.QUEUE_FULL);
        assertThat(gate.isOpen()).isFalse();
    }

    @EveryQueueForm
    void leavesTheOtherLaneOpen(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.REJECT);
        EntryPoint other = entry.isPriority() ? EntryPoint.QUEUE_TASK_ASYNC : EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC;

        Answer<String> answer = bed.call(other, manager, (context, resource) -> "ran");
        gate.open();

        assertThat(answer.value()).isEqualTo("ran");
    }

    @EveryQueuedBlockingForm
    void waitsForRoomUnderBlock(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.BLOCK);

        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "ran");
        Await.waitUntilParked(answer.caller());
        assertThat(depth(entry, manager)).isEqualTo(1);
        gate.open();

        assertThat(answer.value()).isEqualTo("ran");
    }

    /** A wait for room is none in the queue: it is before the acceptance. */
    @EveryQueuedBlockingForm
    void countsTheWaitInTheQueueFromWhenThereIsRoom(EntryPoint entry) {
        RecordingListener listener = new RecordingListener();
        var manager = bed.timedManager(config -> config.queueCapacity(1)
                .priorityQueueCapacity(1)
                .overflowPolicy(OverflowPolicy.BLOCK)
                .listener(listener));
        Gate held = bed.occupy(manager, 1);
        bed.call(entry.isPriority() ? EntryPoint.SUBMIT_WITH_PRIORITY : EntryPoint.SUBMIT, manager, (c, r) -> null);
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "ran");
        Await.waitUntilParked(answer.caller());
        bed.timer().advance(Duration.ofHours(1));
        held.open();

        assertThat(answer.value()).isEqualTo("ran");
        Await.until("the end of all three", () -> listener.finished().size() == 3);
        assertThat(listener.finished().get(2).stamps().waitTime()).isLessThan(Duration.ofHours(1));
    }

    @EveryQueuedBlockingForm
    void letsEveryWaitingCallerInOneByOne(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.BLOCK);
        List<Answer<Integer>> answers = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> number);
            Await.waitUntilParked(answer.caller());
            answers.add(answer);
        }

        gate.open();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).value()).isEqualTo(i);
        }
    }

    @EveryQueuedBlockingForm
    void givesUpAfterTheEnqueueTimeout(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.queueCapacity(1).priorityQueueCapacity(1).enqueueTimeout(Duration.ofMillis(20)));
        fill(entry, manager);
        var ran = new CopyOnWriteArrayList<String>();

        TaskRejectedException error =
                bed.call(entry, manager, (context, resource) -> ran.add("late")).error(TaskRejectedException.class);

        assertThat(error.reason()).isEqualTo(TaskRejectedException.Reason.ENQUEUE_TIMEOUT);
        gate.open();
        manager.stop();
        assertThat(ran).isEmpty();
    }

    @EveryQueuedBlockingForm
    void letsACallerInThatFindsRoomWithinTheEnqueueTimeout(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.queueCapacity(1).priorityQueueCapacity(1).enqueueTimeout(Duration.ofHours(1)));
        fill(entry, manager);
        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "ran");
        Await.waitUntilParked(answer.caller());
        gate.open();
        assertThat(answer.value()).isEqualTo("ran");
    }

    @EveryQueuedBlockingForm
    void doesNotWaitForAnEnqueueTimeoutOfZero(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.queueCapacity(1).priorityQueueCapacity(1).enqueueTimeout(Duration.ZERO));
        fill(entry, manager);

        assertThat(bed.call(entry, manager, (context, resource) -> null)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.ENQUEUE_TIMEOUT);
    }

    @EveryQueuedBlockingForm
    void throwsQueueFullUnderReject(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.REJECT);

        assertThat(bed.call(entry, manager, (context, resource) -> null)
                        .error(TaskRejectedException.class)
                        .reason())
                .isEqualTo(TaskRejectedException.Reason.QUEUE_FULL);
    }

    @EveryQueueForm
    void namesTheNumbersOfAFullManager(EntryPoint entry) {
        var manager = bed.manager(config -> config.name("photos")
                .workerCount(2)
                .queueCapacity(3)
                .priorityQueueCapacity(3)
                .overflowPolicy(OverflowPolicy.REJECT));
        gate = bed.occupy(manager, 2);
        EntryPoint filler =
                entry.isPriority() ? EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC : EntryPoint.QUEUE_TASK_ASYNC;
        for (int i = 0; i < 3; i++) {
            bed.call(filler, manager, (context, resource) -> null);
        }

        String message = bed.call(entry, manager, (context, resource) -> null)
                .error(TaskRejectedException.class)
                .getMessage();

        assertThat(message).contains("photos");
        assertThat(message).containsPattern("active\\W+2\\b|\\b2 active");
        assertThat(message).containsPattern("busy\\W+2\\b|\\b2 busy");
        assertThat(message).containsPattern("starting\\W+0\\b|\\b0 starting");
        assertThat(message)
                .containsPattern(entry.isPriority() ? "queued\\W+0\\b|\\b0 queued" : "queued\\W+3\\b|\\b3 queued");
        assertThat(message)
                .containsPattern(
                        entry.isPriority() ? "priority\\W+3\\b|\\b3 priority" : "priority\\W+0\\b|\\b0 priority");
        assertThat(message).containsPattern("retrying\\W+0\\b|\\b0 retrying");
        assertThat(message).containsPattern("limit\\W+3\\b|\\b3 limit");
    }

    @EveryQueuedBlockingForm
    void runsOnTheCallersThreadUnderCallerRuns(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.CALLER_RUNS);

        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());

        assertThat(answer.value()).isSameAs(answer.caller());
        assertThat(gate.isOpen()).isFalse();
    }

    @EveryQueuedBlockingForm
    void leavesTheRetriesOfCallerRunsToTheWorkers(EntryPoint entry) {
        var manager = bed.manager(config -> config.queueCapacity(1)
                .priorityQueueCapacity(1)
                .overflowPolicy(OverflowPolicy.CALLER_RUNS)
                .maxRetries(1)
                .healthCheck(error -> false));
        fill(entry, manager);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        List<Resource> resources = new CopyOnWriteArrayList<>();

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            threads.add(Thread.currentThread());
            resources.add(resource);
            throw new IOException("unhealthy");
        });
        Await.until("the caller's attempt", () -> threads.size() == 1);

        if (entry.isOnce()) {
            answer.error(TaskExecutionException.class);
            assertThat(threads).containsExactly(answer.caller());
            return;
        }
        Await.until("the retry in its lane", () -> manager.stats().retryingTasks() == 1);
        gate.open();
        assertThat(answer.error(RetriesExhaustedException.class).attempts()).isEqualTo(2);
        assertThat(threads).hasSize(2).first().isSameAs(answer.caller());
        assertThat(threads.get(1)).isNotSameAs(answer.caller());
        assertThat(resources.get(0)).isNotSameAs(resources.get(1));
        assertThat(resources.get(0).destructions()).isEqualTo(1);
    }

    @EveryQueuedBlockingForm
    void keepsARetryOfCallerRunsInSightWhileTheCallerDestroysItsResource(EntryPoint entry) {
        if (entry.isOnce()) {
            return;
        }
        var manager = bed.manager(config -> config.queueCapacity(1)
                .priorityQueueCapacity(1)
                .overflowPolicy(OverflowPolicy.CALLER_RUNS)
                .healthCheck(error -> false));
        fill(entry, manager);
        Gate destruction = bed.gate();
        bed.factory().onDestroy(resource -> destruction.passIgnoringInterrupts());
        Gate retry = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("unhealthy");
            }
            retry.pass();
            return null;
        });
        destruction.awaitArrivals(1);
        gate.open();
        retry.awaitArrivals(1);

        destruction.open();
        Await.until(
                "the caller waiting for its answer",
                () -> manager.stats().temporaryResources() == 0
                        && answer.caller().getState() == Thread.State.WAITING);

        assertThat(manager.stats().busyWorkers()).isEqualTo(1);
        ShutdownReport report = manager.kill();
        answer.error(TaskCancelledException.class);
        assertThat(report.cancelled()).isEqualTo(1);
    }

    @EveryQueuedBlockingForm
    void queuesUnderCallerRunsWhileThereIsRoom(EntryPoint entry) {
        var manager = bed.manager(config -> config.overflowPolicy(OverflowPolicy.CALLER_RUNS));
        gate = bed.occupy(manager, 1);

        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());
        Await.until("the task in its lane", () -> depth(entry, manager) == 1);
        gate.open();

        assertThat(answer.value()).isNotSameAs(answer.caller());
    }

    @EveryQueuedBlockingForm
    void letsAnInterruptedCallerGoThatWaitsForRoom(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.BLOCK);
        var ran = new CopyOnWriteArrayList<String>();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> ran.add("interrupted"));
        Await.waitUntilParked(answer.caller());

        answer.caller().interrupt();

        answer.error(InterruptedException.class);
        gate.open();
        manager.stop();
        assertThat(ran).isEmpty();
    }

    @EveryQueuedBlockingForm
    void refusesCallersThatWaitForRoomWhenTheManagerIsKilled(EntryPoint entry) {
        var manager = fullManager(entry, OverflowPolicy.BLOCK);
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);
        Await.waitUntilParked(answer.caller());

        manager.kill();

        assertThat(answer.error(TaskRejectedException.class).reason())
                .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
    }

    /** A manager with one worker that is held by {@link #gate}, and no room in the lane of the form. */
    private TaskManager<Resource, Object> fullManager(EntryPoint entry, OverflowPolicy policy) {
        var manager = bed.manager(
                config -> config.queueCapacity(1).priorityQueueCapacity(1).overflowPolicy(policy));
        fill(entry, manager);
        return manager;
    }

    private void fill(EntryPoint entry, TaskManager<Resource, Object> manager) {
        gate = bed.occupy(manager, 1);
        EntryPoint filler =
                entry.isPriority() ? EntryPoint.QUEUE_TASK_WITH_PRIORITY_ASYNC : EntryPoint.QUEUE_TASK_ASYNC;
        bed.call(filler, manager, (context, resource) -> null);
        assertThat(depth(entry, manager)).isEqualTo(1);
    }

    private static int depth(EntryPoint entry, TaskManager<Resource, Object> manager) {
        var stats = manager.stats();
        return entry.isPriority() ? stats.priorityTasks() : stats.queuedTasks();
    }
}

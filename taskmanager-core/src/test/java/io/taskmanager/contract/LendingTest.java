package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.WorkerInfo;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A blocking call that finds a worker idle borrows it, and runs its task on its own thread. */
class LendingTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Queue<Object> notes = new ConcurrentLinkedQueue<>();

    @EveryQueuedBlockingForm
    void runsOnTheThreadOfItsCaller(EntryPoint entry) {
        var manager = idleManager(1);
        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());

        assertThat(answer.value()).isSameAs(answer.caller());
        assertThat(bed.factory().created()).hasSize(1);
    }

    @EveryQueuedBlockingForm
    void isLeftToTheWorkerWithLendingOff(EntryPoint entry) {
        var manager = bed.manager(config -> config.lending(false));
        Await.until("the worker has a resource", () -> manager.stats().activeWorkers() == 1);
        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());

        assertThat(answer.value()).isNotSameAs(answer.caller());
    }

    @Test
    void isLeftToTheWorkerWhereTheCallerMustBeAnsweredAtATimeLimit() throws InterruptedException {
        var manager = idleManager(1);
        Thread caller = Thread.currentThread();

        for (TaskOptions limited : List.of(
                TaskOptions.builder().timeout(Duration.ofHours(1)).build(),
                TaskOptions.builder().deadline(Instant.now().plusSeconds(3600)).build())) {
            assertThat(manager.<Thread>call((context, resource) -> Thread.currentThread(), limited))
                    .isNotSameAs(caller);
        }
        bed.awaitIdleWorkers(manager, 1);
        assertThat(manager.<Thread>call(
                        (context, resource) -> Thread.currentThread(),
                        TaskOptions.builder().name("unlimited").build()))
                .isSameAs(caller);
    }

    @EveryQueuedBlockingForm
    void countsTheWorkerAsBusy(EntryPoint entry) {
        var manager = idleManager(2);
        Gate gate = bed.gate();
        Answer<Object> answer = holdAt(gate, entry, manager);

        assertThat(manager.stats().busyWorkers()).isEqualTo(1);
        assertThat(manager.stats().activeWorkers()).isEqualTo(2);
        assertThat(manager.control().workers())
                .extracting(WorkerInfo::state)
                .containsExactlyInAnyOrder(WorkerInfo.State.BUSY, WorkerInfo.State.IDLE);

        gate.open();
        answer.value();
        assertThat(manager.stats().busyWorkers()).isZero();
    }

    @EveryQueuedBlockingForm
    void countsItsTaskAsAnyOther(EntryPoint entry) {
        var manager = idleManager(1);
        bed.callHere(entry, manager, (context, resource) -> "value").value();
        bed.callHere(entry, manager, (context, resource) -> {
                    throw new IOException();
                })
                .error();

        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(2);
        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksFailed()).isEqualTo(1);
        assertThat(manager.metrics().maxExecutionTime()).isPositive();
    }

    @EveryQueuedBlockingForm
    void leavesTheCallersInterruptStatusAsItIs(EntryPoint entry) {
        var manager = idleManager(1);
        for (int i = 0; i < 100; i++) {
            bed.callHere(entry, manager, (context, resource) -> null).value();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    // -- when it does not -------------------------------------------------------------------------------------------

    @EveryQueuedBlockingForm
    void doesNotTouchTheResourceOfAThreadBoundFactory(EntryPoint entry) {
        bed.factory().bindToThreads();
        assertRunsOnAWorker(entry, idleManager(1));
    }

    /** Its caller must have its answer at the timeout, even if the task ignores its interrupt. */
    @EveryQueuedBlockingForm
    void doesNotRunATaskThatHasARunTimeout(EntryPoint entry) {
        var manager = bed.manager(config -> config.taskTimeout(Duration.ofHours(1)));
        bed.awaitIdleWorkers(manager, 1);
        assertRunsOnAWorker(entry, manager);
    }

    @EveryQueuedBlockingForm
    void waitsInItsLaneWhileNoWorkerIsIdle(EntryPoint entry) {
        var manager = idleManager(1);
        Gate gate = bed.occupy(manager, 1);
        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());
        Await.until("the task in its lane", () -> waiting(manager) == 1);
        gate.open();

        assertThat(answer.value().getName()).startsWith("test-worker-");
    }

    @EveryQueuedBlockingForm
    void waitsInItsLaneWhileTheManagerIsPaused(EntryPoint entry) {
        var manager = idleManager(1);
        manager.control().pause();
        Answer<Thread> answer = bed.call(entry, manager, (context, resource) -> Thread.currentThread());
        Await.until("the task in its lane", () -> waiting(manager) == 1);
        manager.control().resume();

        assertThat(answer.value().getName()).startsWith("test-worker-");
    }

    @EveryQueuedBlockingForm
    void leavesAnOldResourceToItsWorker(EntryPoint entry) {
        var manager = bed.manager(config -> config.maxWorkerCount(1));
        bed.awaitIdleWorkers(manager, 1);
        bed.callHere(entry, manager, (context, resource) -> null).value();
        manager.control().recycle();

        assertThat(bed.call(entry, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
        Await.until("the end of the old", () -> bed.factory().alive().size() == 1);
    }

    private void assertRunsOnAWorker(EntryPoint entry, TaskManager<Resource, Object> manager) {
        assertThat(bed.call(entry, manager, (context, resource) -> Thread.currentThread())
                        .value()
                        .getName())
                .isEqualTo("test-worker-1");
    }

    // -- giving back ------------------------------------------------------------------------------------------------

    @EveryQueuedBlockingForm
    void handsTheWorkerToTheTaskThatWaits(EntryPoint entry) {
        var manager = idleManager(1);
        Gate gate = bed.gate();
        Answer<Object> first = holdAt(gate, entry, manager);
        Answer<Thread> second =
                bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> Thread.currentThread());
        Answer<Thread> third = bed.call(entry, manager, (context, resource) -> Thread.currentThread());
        Await.until("two tasks in their lanes", () -> waiting(manager) == 2);
        gate.open();

        first.value();
        assertThat(second.value().getName()).isEqualTo("test-worker-1");
        assertThat(third.value().getName()).isEqualTo("test-worker-1");
        assertThat(bed.factory().created()).hasSize(1);
    }

    @EveryQueuedBlockingForm
    void leavesABrokenResourceToItsWorker(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false).maxRetries(1));
        bed.awaitIdleWorkers(manager, 1);
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            notes.add(Thread.currentThread());
            notes.add(resource.id());
            if (context.attempt() == 1) {
                throw new IOException("broken");
            }
            return null;
        });

        answer.await();
        Await.until("a replacement", () -> bed.factory().created().size() == 2);
        bed.awaitIdleWorkers(manager, 1);
        Await.until(
                "the end of the broken one",
                () -> bed.factory().created().get(0).isDestroyed());
        assertThat(bed.factory().created().get(0).destroyer()).isNotSameAs(answer.caller());
        assertThat(bed.factory().created().get(1).creator().getName()).isEqualTo("test-worker-1");
        Thread worker = bed.factory().created().get(1).creator();
        List<Object> expected = entry.isOnce() ? List.of(answer.caller(), 1) : List.of(answer.caller(), 1, worker, 2);
        assertThat(notes).containsExactlyElementsOf(expected);
    }

    @EveryQueuedBlockingForm
    void triesAnotherResourceIfTheBorrowedOneIsUnfit(EntryPoint entry) {
        bed.factory().fitness(resource -> resource.id() > 1);
        var manager = bed.timedManager(config -> config.resourceIdleValidation(Duration.ofMinutes(1)));
        bed.awaitIdleWorkers(manager, 1);
        bed.timer().advance(Duration.ofMinutes(2));

        assertThat(bed.call(entry, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(1);
    }

    @EveryQueuedBlockingForm
    void letsAWorkerGoAfterwardsThatIsOneTooMany(EntryPoint entry) {
        var manager = idleManager(1);
        manager.control().resize(2, 2);
        bed.awaitIdleWorkers(manager, 2);
        Gate gate = bed.gate();
        Answer<Object> first = holdAt(gate, entry, manager);
        Answer<Object> second = holdAt(gate, entry, manager);
        gate.awaitArrivals(2);
        manager.control().resize(1, 1);
        gate.open();

        first.value();
        second.value();
        Await.until("one worker", () -> bed.factory().alive().size() == 1);
        bed.awaitIdleWorkers(manager, 1);
    }

    @EveryQueuedBlockingForm
    void replacesAResourceThatBecameOldMeanwhile(EntryPoint entry) {
        var manager = idleManager(1);
        Gate gate = bed.gate();
        Answer<Object> answer = holdAt(gate, entry, manager);
        manager.control().recycle();
        gate.open();
        answer.value();

        Await.until("a new resource", () -> bed.factory().created().get(0).isDestroyed());
        assertThat(bed.call(entry, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
    }

    // -- stop and kill ----------------------------------------------------------------------------------------------

    @EveryQueuedBlockingForm
    void isWaitedForByAStop(EntryPoint entry) {
        var manager = idleManager(1);
        Gate gate = bed.gate();
        Answer<Object> answer = holdAt(gate, entry, manager);
        Background<ShutdownReport> stop = Background.start(manager::stop).parked();
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);
        assertThat(bed.factory().alive()).hasSize(1);
        gate.open();

        assertThat(stop.value()).isEqualTo(new ShutdownReport(1, 0, 0, 0, 0));
        answer.value();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @EveryQueuedBlockingForm
    void isInterruptedByAKill(EntryPoint entry) {
        var manager = idleManager(1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("cancelled: " + context.isCancelled());
            }
            return null;
        });
        gate.awaitArrivals(1);

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));
        answer.error(TaskCancelledException.class);
        assertThat(notes).containsExactly("cancelled: true");
    }

    /** Here, and only here, lending can be told from a run on the worker: the caller is at work on its task. */
    @EveryQueuedBlockingForm
    void isAnsweredWhenItReturnsIfItIgnoresTheInterruptOfAKill(EntryPoint entry) {
        var manager = bed.manager(config -> config.stuckTaskGrace(Duration.ofMillis(30)));
        bed.awaitIdleWorkers(manager, 1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.passIgnoringInterrupts();
            return null;
        });
        gate.awaitArrivals(1);

        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 0, 0, 1));
        assertThat(manager.state()).isEqualTo(TaskManagerState.KILLED);
        gate.open();

        answer.error(TaskCancelledException.class);
        Await.until("the manager's end", () -> manager.state() == TaskManagerState.TERMINATED);
        assertThat(bed.factory().created().get(0).destructions()).isEqualTo(1);
    }

    private TaskManager<Resource, Object> idleManager(int workers) {
        var manager = bed.manager(config -> config.workerCount(workers));
        bed.awaitIdleWorkers(manager, workers);
        return manager;
    }

    private Answer<Object> holdAt(Gate gate, EntryPoint entry, TaskManager<Resource, Object> manager) {
        int before = gate.arrivals();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            assertThat(Thread.currentThread().getName()).startsWith("caller-");
            gate.pass();
            return null;
        });
        gate.awaitArrivals(before + 1);
        return answer;
    }

    private static int waiting(TaskManager<Resource, Object> manager) {
        return manager.stats().queuedTasks() + manager.stats().priorityTasks();
    }
}

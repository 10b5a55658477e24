package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.taskmanager.Backoff;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryAsyncForm;
import io.taskmanager.testkit.EveryQueuedBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cancel: a queued task frees its slot, a running one hears of it, and no interrupt strays to another task. */
class CancellationTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> ran = new CopyOnWriteArrayList<>();

    @EveryAsyncForm
    void takesAQueuedTaskOut(EntryPoint entry) {
        var manager = bed.manager(config -> config.queueCapacity(1).priorityQueueCapacity(1));
        Gate gate = bed.occupy(manager, 1);
        Answer<Object> cancelled = bed.call(entry, manager, (context, resource) -> ran.add("cancelled"));
        bed.call(entry, manager, (context, resource) -> null).error(TaskRejectedException.class);

        assertThat(cancelled.future().cancel(true)).isTrue();
        Answer<Object> next = bed.call(entry, manager, (context, resource) -> ran.add("next"));

        assertThat(cancelled.future()).isCancelled();
        assertThat(cancelled.error()).isExactlyInstanceOf(TaskCancelledException.class);
        gate.open();
        next.value();
        assertThat(ran).containsExactly("next");
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    @EveryAsyncForm
    void showsAFreedSlotAtOnce(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        bed.occupy(manager, 1);
        Answer<Object> kept = bed.call(entry, manager, (context, resource) -> null);
        Answer<Object> cancelled = bed.call(entry, manager, (context, resource) -> null);

        cancelled.future().cancel(false);

        var stats = manager.stats();
        assertThat(entry.isPriority() ? stats.priorityTasks() : stats.queuedTasks())
                .isEqualTo(1);
        assertThat(kept.isDone()).isFalse();
    }

    @EveryAsyncForm
    void interruptsARunningTaskAndCancelsItsContext(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        var context = new AtomicReference<TaskContext>();
        Answer<Object> answer = bed.call(entry, manager, (own, resource) -> {
            context.set(own);
            try {
                gate.pass();
            } catch (InterruptedException e) {
                ran.add("interrupted, cancelled: " + own.isCancelled());
                throw e;
            }
            return null;
        });
        gate.awaitArrivals(1);
        assertThat(context.get().isCancelled()).isFalse();
        context.get().throwIfCancelled();

        assertThat(answer.future().cancel(true)).isTrue();

        answer.error(TaskCancelledException.class);
        assertThat(context.get().isCancelled()).isTrue();
        assertThatExceptionOfType(TaskCancelledException.class)
                .isThrownBy(() -> context.get().throwIfCancelled());
        Await.untilAsserted(() -> assertThat(ran).containsExactly("interrupted, cancelled: true"));
        assertThat(gate.isOpen()).isFalse();
    }

    @EveryAsyncForm
    void interruptsNobodyWithoutLeave(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Gate end = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            int interrupts = gate.passIgnoringInterrupts();
            ran.add("interrupts: " + interrupts + ", " + Thread.interrupted() + ", cancelled: "
                    + context.isCancelled());
            end.pass();
            return null;
        });
        gate.awaitArrivals(1);

        answer.future().cancel(false);
        gate.open();

        end.awaitArrivals(1);
        assertThat(ran).containsExactly("interrupts: 0, false, cancelled: true");
        assertThat(answer.future()).isCancelled();
    }

    @EveryAsyncForm
    void runsTheActionsOfACancelledTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        var actionThread = new AtomicReference<Thread>();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            Thread worker = Thread.currentThread();
            context.onCancel(() -> actionThread.set(Thread.currentThread()));
            context.onCancel(() -> ran.add("second action"));
            try {
                gate.pass();
            } catch (InterruptedException e) {
                context.onCancel(() -> ran.add("at once, on its thread: " + (Thread.currentThread() == worker)));
                ran.add("after it");
            }
            return null;
        });
        gate.awaitArrivals(1);

        answer.future().cancel(true);

        assertThat(actionThread.get()).isSameAs(Thread.currentThread());
        Await.until("three notes", () -> ran.size() == 3);
        assertThat(ran).contains("second action").containsSubsequence("at once, on its thread: true", "after it");
    }

    @EveryAsyncForm
    void dropsTheActionsOfATaskThatEndsUncancelled(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        var context = new AtomicReference<TaskContext>();
        Answer<Object> answer = bed.call(entry, manager, (own, resource) -> {
            context.set(own);
            own.onCancel(() -> ran.add("action"));
            return "value";
        });
        answer.value();

        assertThat(answer.future().cancel(true)).isFalse();
        manager.kill();

        assertThat(ran).isEmpty();
        assertThat(answer.value()).isEqualTo("value");
    }

    @EveryAsyncForm
    void keepsTheResourceThatIsStillFit(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        cancelRunning(entry, manager);

        bed.call(entry, manager, (context, resource) -> resource).value();

        assertThat(bed.factory().created()).hasSize(1);
        assertThat(bed.factory().destroyed()).isEmpty();
    }

    @EveryAsyncForm
    void replacesTheResourceThatIsNoLongerFit(EntryPoint entry) {
        bed.factory().fitness(resource -> resource.id() > 1);
        var manager = bed.manager(config -> config);
        cancelRunning(entry, manager);

        assertThat(bed.call(entry, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
        Await.until(
                "the end of the unfit one", () -> bed.factory().created().get(0).destructions() == 1);
    }

    @EveryAsyncForm
    void replacesTheResourceWhoseValidationThrows(EntryPoint entry) {
        bed.factory().fitness(resource -> {
            if (resource.id() > 1) {
                return true;
            }
            throw new LinkageError("validation");
        });
        var manager = bed.manager(config -> config);
        cancelRunning(entry, manager);

        assertThat(bed.call(entry, manager, (context, resource) -> resource.id())
                        .value())
                .isEqualTo(2);
    }

    private void cancelRunning(EntryPoint entry, TaskManager<Resource, Object> manager) {
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        answer.future().cancel(true);
    }

    @EveryAsyncForm
    void retriesNothingThatWasCancelled(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        Gate gate = bed.gate();
        var attempts = new AtomicInteger();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            attempts.incrementAndGet();
            gate.passIgnoringInterrupts();
            throw new IOException("unhealthy");
        });
        gate.awaitArrivals(1);

        answer.future().cancel(true);
        gate.open();
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();

        assertThat(attempts.get()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksRetried()).isZero();
    }

    @EveryAsyncForm
    void takesATaskOutOfItsBackoff(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false)
                .retryBackoff(new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0)));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            throw new IOException("unhealthy");
        });
        if (entry.isOnce()) {
            answer.error();
            assertThat(answer.future().cancel(true)).isFalse();
            return;
        }
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);

        answer.future().cancel(true);

        answer.error(TaskCancelledException.class);
        Await.until("no retry left", () -> manager.stats().retryingTasks() == 0);
        manager.stop();
    }

    @EveryAsyncForm
    void letsNoInterruptReachTheNextTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        var strays = new AtomicInteger();
        for (int i = 0; i < 2_000; i++) {
            var started = new AtomicInteger();
            Answer<Object> cancelled = bed.call(entry, manager, (context, resource) -> started.incrementAndGet());
            Answer<Object> next = bed.call(entry, manager, (context, resource) -> {
                for (int spin = 0; spin < 50; spin++) {
                    if (Thread.currentThread().isInterrupted()) {
                        strays.incrementAndGet();
                        break;
                    }
                    Thread.onSpinWait();
                }
                return null;
            });
            while (i % 2 == 0 && started.get() == 0) {
                Thread.onSpinWait();
            }
            cancelled.future().cancel(true);
            next.value();
        }

        assertThat(strays.get()).isZero();
    }

    @EveryQueuedBlockingForm
    void cancelsTheQueuedTaskOfAnInterruptedCaller(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> ran.add("cancelled"));
        Await.until(
                "the task in its lane",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 1);
        Await.waitUntilParked(answer.caller());

        answer.caller().interrupt();

        answer.error(InterruptedException.class);
        assertThat(manager.stats().queuedTasks() + manager.stats().priorityTasks())
                .isZero();
        gate.open();
        manager.stop();
        assertThat(ran).isEmpty();
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    /** On a worker, that is; {@link CallerInterruptTest} has the tasks that run on their caller's thread. */
    @EveryQueuedBlockingForm
    void cancelsTheRunningTaskOfAnInterruptedCaller(EntryPoint entry) {
        bed.factory().bindToThreads();
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                ran.add("cancelled: " + context.isCancelled());
            }
            return null;
        });
        gate.awaitArrivals(1);
        Await.waitUntilParked(answer.caller());

        answer.caller().interrupt();

        answer.error(InterruptedException.class);
        Await.untilAsserted(() -> assertThat(ran).containsExactly("cancelled: true"));
    }

    static Stream<EntryPoint> blockingRetriedForms() {
        return EntryPoint.queuedRetried().filter(EntryPoint::isBlocking);
    }

    @ParameterizedTest
    @MethodSource("blockingRetriedForms")
    void cancelsTheTaskInBackoffOfAnInterruptedCaller(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false)
                .retryBackoff(new Backoff(Duration.ofHours(1), 1, Duration.ofHours(1), 0)));
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            throw new IOException("unhealthy");
        });
        Await.until("the back-off", () -> manager.stats().retryingTasks() == 1);
        Await.waitUntilParked(answer.caller());
        answer.caller().interrupt();
        answer.error(InterruptedException.class);
        assertThat(manager.stats().retryingTasks()).isZero();
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    @EveryQueuedBlockingForm
    void queuesNothingForACallerThatIsInterruptedAlready(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        Thread.currentThread().interrupt();

        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> ran.add("ran"));

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        answer.error(InterruptedException.class);
        gate.open();
        manager.stop();
        assertThat(ran).isEmpty();
    }
}

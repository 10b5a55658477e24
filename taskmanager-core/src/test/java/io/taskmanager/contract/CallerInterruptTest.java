package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskContext;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryBlockingForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Where a task runs on its caller's own thread, as it does for {@code runTask} and on a borrowed worker, an interrupt of the
 * caller reaches the task, as it would any code there.
 */
class CallerInterruptTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Queue<Object> notes = new ConcurrentLinkedQueue<>();
    private final Gate interrupted = bed.gate();

    @EveryBlockingForm
    void returnsWhatATaskReturnsThatSwallowsTheInterrupt(EntryPoint entry) {
        var manager = idleManager();
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            try {
                hold(gate);
            } catch (InterruptedException e) {
                notes.add("cancelled: " + context.isCancelled());
            }
            return "swallowed";
        });
        sendInterruptAt(gate, answer);

        assertThat(answer.value()).isEqualTo("swallowed");
        assertThat(notes).containsExactly("cancelled: false");
        assertCompleted(manager);
    }

    @EveryBlockingForm
    void cancelsATaskThatPassesTheInterruptOn(EntryPoint entry) {
        var manager = idleManager();
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            hold(gate);
            return null;
        });
        interruptAt(gate, answer);
        assertCancelledOnce(manager);
    }

    @EveryBlockingForm
    void tellsATaskThatAsksItsContext(EntryPoint entry) {
        var manager = idleManager();
        Gate gate = bed.gate();
        gate.open();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            hold(gate);
            while (!context.isCancelled()) {
                Thread.onSpinWait();
            }
            context.throwIfCancelled();
            return null;
        });
        gate.awaitArrivals(1);

        interrupt(answer);

        answer.error(InterruptedException.class);
        assertCancelledOnce(manager);
    }

    /** Only this can free a task from a call that knows no interrupt. */
    @EveryBlockingForm
    void runsTheActionsOfATaskThatCannotBeInterrupted(EntryPoint entry) {
        var manager = idleManager();
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            context.onCancel(gate::open);
            notes.add(gate.passIgnoringInterrupts() > 0);
            notes.add("cancelled: " + context.isCancelled());
            return "value";
        });
        sendInterruptAt(gate, answer);

        assertThat(answer.value()).isEqualTo("value");
        assertThat(notes).containsExactly(true, "cancelled: true");
        assertCompleted(manager);
    }

    @EveryBlockingForm
    void runsAnActionAtOnceWhileItsCallerIsInterrupted(EntryPoint entry) {
        var manager = idleManager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            Thread.currentThread().interrupt();
            context.onCancel(() -> notes.add("at once"));
            notes.add("after it");
            return "value";
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isEqualTo("value");
        assertThat(notes).containsExactly("at once", "after it");
    }

    @EveryBlockingForm
    void failsWithWhatAChannelMakesOfTheInterrupt(EntryPoint entry) throws IOException {
        var manager = idleManager();
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            sink.write(ByteBuffer.wrap(new byte[] {1}));
            CountDownLatch reading = new CountDownLatch(1);
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
                source.read(ByteBuffer.allocate(1));
                assertThat(context.isCancelled()).isFalse();
                reading.countDown();
                return source.read(ByteBuffer.allocate(1));
            });
            Await.until("the second read", () -> reading.getCount() == 0);

            interrupt(answer);

            assertThat(answer.error(TaskExecutionException.class)).hasCauseInstanceOf(ClosedByInterruptException.class);
        }
    }

    /** A channel has the thread's only place for those that want to know of an interrupt. */
    @EveryBlockingForm
    void listensAgainAfterAChannelOnceTheTaskHasAsked(EntryPoint entry) throws IOException {
        var manager = idleManager();
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            sink.write(ByteBuffer.wrap(new byte[] {1}));
            Gate gate = bed.gate();
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
                context.onCancel(gate::open);
                source.read(ByteBuffer.allocate(1));
                context.throwIfCancelled();
                gate.passIgnoringInterrupts();
                return "value";
            });
            sendInterruptAt(gate, answer);

            assertThat(answer.value()).isEqualTo("value");
        }
    }

    @EveryBlockingForm
    void cancelsEachTaskOfANestedCall(EntryPoint entry) {
        var outer = idleManager();
        var inner = bed.manager(config -> config.name("inner"));
        bed.awaitIdleWorkers(inner, 1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, outer, (outerContext, outerResource) -> {
            inner.queueTask((context, resource) -> {
                hold(gate);
                return null;
            });
            return null;
        });
        interruptAt(gate, answer);
        assertCancelledOnce(inner);
        assertCancelledOnce(outer);
    }

    @EveryBlockingForm
    void stillListensAfterANestedCall(EntryPoint entry) {
        var outer = idleManager();
        var inner = bed.manager(config -> config.name("inner"));
        bed.awaitIdleWorkers(inner, 1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, outer, (outerContext, outerResource) -> {
            outerContext.onCancel(gate::open);
            inner.queueTask((context, resource) -> null);
            gate.passIgnoringInterrupts();
            return "value";
        });
        sendInterruptAt(gate, answer);

        assertThat(answer.value()).isEqualTo("value");
    }

    @EveryBlockingForm
    void listensThroughANestedCall(EntryPoint entry) {
        var outer = idleManager();
        var inner = bed.manager(config -> config.name("inner"));
        bed.awaitIdleWorkers(inner, 1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, outer, (outerContext, outerResource) -> {
            outerContext.onCancel(gate::open);
            return inner.queueTask((context, resource) -> {
                gate.passIgnoringInterrupts();
                return "value";
            });
        });
        sendInterruptAt(gate, answer);

        assertThat(answer.value()).isEqualTo("value");
    }

    @EveryBlockingForm
    void doesNotCancelACallerForAKillOfAManagerThatItCallsFromATask(EntryPoint entry) {
        var outer = idleManager();
        var inner = bed.manager(config -> config.name("inner"));
        bed.awaitIdleWorkers(inner, 1);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, outer, (outerContext, outerResource) -> {
            try {
                inner.queueTask((context, resource) -> {
                    gate.pass();
                    return null;
                });
            } catch (RuntimeException e) {
                notes.add("outer cancelled: " + outerContext.isCancelled());
            }
            return "value";
        });
        gate.awaitArrivals(1);

        inner.kill();

        assertThat(answer.value()).isEqualTo("value");
        assertThat(notes).containsExactly("outer cancelled: false");
    }

    @EveryBlockingForm
    void doesNotCancelACallerWhoseNestedTaskLooksForItsOwnKill(EntryPoint entry) {
        var outer = idleManager();
        var inner = bed.manager(config -> config.name("inner"));
        bed.awaitIdleWorkers(inner, 1);
        Gate gate = bed.gate();
        gate.open();
        Answer<Object> answer = bed.call(entry, outer, (outerContext, outerResource) -> {
            try {
                inner.queueTask((context, resource) -> {
                    gate.pass();
                    while (!context.isCancelled()) {
                        notes.add("outer cancelled: " + outerContext.isCancelled());
                    }
                    notes.add("outer cancelled: " + outerContext.isCancelled());
                    context.throwIfCancelled();
                    return null;
                });
            } catch (RuntimeException e) {
                notes.add("outer cancelled: " + outerContext.isCancelled());
            }
            return "value";
        });
        gate.awaitArrivals(1);

        inner.kill();

        assertThat(answer.value()).isEqualTo("value");
        assertThat(notes).isNotEmpty().containsOnly("outer cancelled: false");
    }

    @EveryBlockingForm
    void isNoFailureOfTheTaskHoweverFastThatEnds(EntryPoint entry) {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        for (int i = 0; i < 100; i++) {
            bed.awaitIdleWorkers(manager, 1);
            Gate gate = bed.gate();
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
                notes.add(context.attempt());
                gate.pass();
                return null;
            });
            gate.awaitArrivals(1);
            Await.waitUntilParked(answer.caller());

            answer.caller().interrupt();

            answer.error(InterruptedException.class);
        }
        assertThat(notes).containsOnly(1);
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(100);
    }

    @EveryBlockingForm
    void runsNothingForACallerThatIsInterruptedAlready(EntryPoint entry) {
        var manager = idleManager();
        Thread.currentThread().interrupt();

        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> notes.add("ran"));

        assertThat(Thread.interrupted()).isFalse();
        answer.error(InterruptedException.class);
        assertThat(notes).isEmpty();
    }

    /** Nobody can tell whether it was sent. */
    @EveryBlockingForm
    void handsTheCallerAnInterruptThatTheTaskMadeUp(EntryPoint entry) {
        var manager = idleManager();
        var thrown = new InterruptedException("thrown by the task");
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            throw thrown;
        });

        assertThat(Thread.interrupted()).isFalse();
        assertThat(answer.error(InterruptedException.class)).isSameAs(thrown);
        assertCancelledOnce(manager);
    }

    /** As an SFTP client does. */
    @EveryBlockingForm
    void handsTheCallerItsInterruptThoughALibraryHasMadeAnIoErrorOfIt(EntryPoint entry) {
        var manager = managerWhoseChecksFail();
        var thrown = new InterruptedIOException("waiting for a reply");
        thrown.initCause(new InterruptedException());
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            throw new UncheckedIOException(thrown);
        });

        assertThat(answer.error(InterruptedException.class)).hasRootCauseInstanceOf(InterruptedException.class);
        assertCancelledOnce(manager);
        assertThat(bed.factory().destroyed()).isEmpty();
    }

    /** A resource is broken by none of its callers' interrupts; whether it is fit after one, its validation says. */
    @EveryBlockingForm
    void asksNoHealthCheckAboutWhatATaskThrowsWhoseCallerIsInterrupted(EntryPoint entry) {
        var manager = managerWhoseChecksFail();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            Thread.currentThread().interrupt();
            throw new IOException("closed by an interrupt");
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.error()).isNotNull();
        assertThat(bed.factory().destroyed()).isEmpty();
        assertThat(manager.control().isOutage()).isFalse();
    }

    @EveryBlockingForm
    void tellsTheCallerOfAnInterruptOfAnotherThreadAsOfAnyError(EntryPoint entry) {
        var manager = idleManager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            throw new ExecutionException(new InterruptedException("of a thread of the task's"));
        });

        answer.error(TaskExecutionException.class);
    }

    @Test
    void keepsTheInterruptOfACallerThatMeetsAValidation() {
        bed.factory().fitness(resource -> {
            var interrupt = new InterruptedIOException("waiting for a reply");
            interrupt.initCause(new InterruptedException());
            throw new UncheckedIOException(interrupt);
        });
        var manager = bed.timedManager(config -> config.resourceIdleValidation(Duration.ofSeconds(1)));
        bed.callHere(EntryPoint.RUN_TASK, manager, (context, resource) -> null).value();
        bed.timer().advance(Duration.ofSeconds(2));

        Answer<Boolean> answer =
                bed.callHere(EntryPoint.RUN_TASK, manager, (context, resource) -> context.isCancelled());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isTrue();
    }

    @EveryBlockingForm
    void leavesTheCallerTheInterruptThatTheTaskLeaves(EntryPoint entry) {
        var manager = idleManager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            Thread.currentThread().interrupt();
            return "value";
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isEqualTo("value");
        assertCompleted(manager);
    }

    @EveryBlockingForm
    void hearsNothingAfterItsEnd(EntryPoint entry) {
        var manager = idleManager();
        var context = new AtomicReference<TaskContext>();
        Answer<Object> answer = bed.callHere(entry, manager, (own, resource) -> {
            context.set(own);
            return "value";
        });

        assertThat(context.get().isCancelled()).isFalse();
        Thread.currentThread().interrupt();
        assertThat(context.get().isCancelled()).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isEqualTo("value");
        assertThat(manager.metrics().totalTasksCancelled()).isZero();
    }

    @EveryBlockingForm
    void keepsTheResourceThatIsStillFit(EntryPoint entry) {
        var manager = idleManager();
        cancelsATask(entry, manager);

        bed.call(entry, manager, (context, resource) -> resource).value();

        assertThat(bed.factory().destroyed()).isEmpty();
    }

    @EveryBlockingForm
    void replacesTheResourceThatIsNoLongerFit(EntryPoint entry) {
        var manager = idleManager();
        bed.factory().fitness(resource -> resource.uses() == 0);
        cancelsATask(entry, manager);

        assertThat(bed.call(entry, manager, (context, resource) -> resource.uses())
                        .value())
                .isEqualTo(1);
        Await.until("the end of the old one", () -> bed.factory().destroyed().size() == 1);
    }

    private void cancelsATask(EntryPoint entry, TaskManager<Resource, Object> manager) {
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            hold(gate);
            return null;
        });
        interruptAt(gate, answer);
    }

    /**
     * Waits at a gate, and after an interrupt until that has been sent: from JDK 24 on, a thread is woken first and those
     * that want to know are told after that.
     */
    private void hold(Gate gate) throws InterruptedException {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            interrupted.passIgnoringInterrupts();
            throw e;
        }
    }

    /** Interrupts the caller of a task that waits at the gate, and looks for what it is told. */
    private void interruptAt(Gate gate, Answer<?> answer) {
        sendInterruptAt(gate, answer);
        answer.error(InterruptedException.class);
    }

    private void sendInterruptAt(Gate gate, Answer<?> answer) {
        gate.awaitArrivals(1);
        Await.waitUntilParked(answer.caller());
        interrupt(answer);
    }

    private void interrupt(Answer<?> answer) {
        answer.caller().interrupt();
        interrupted.open();
    }

    private TaskManager<Resource, Object> idleManager() {
        var manager = bed.manager(config -> config);
        bed.awaitIdleWorkers(manager, 1);
        return manager;
    }

    private TaskManager<Resource, Object> managerWhoseChecksFail() {
        var manager = bed.manager(config -> config.healthCheck(error -> false));
        bed.awaitIdleWorkers(manager, 1);
        return manager;
    }

    private static void assertCancelledOnce(TaskManager<Resource, Object> manager) {
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksCompleted() + manager.metrics().totalTasksFailed())
                .isZero();
    }

    private static void assertCompleted(TaskManager<Resource, Object> manager) {
        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksCancelled()).isZero();
    }
}

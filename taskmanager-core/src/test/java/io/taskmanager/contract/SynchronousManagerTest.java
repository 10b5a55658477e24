package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.ShutdownReport;
import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryBlockingForm;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A manager without workers does at once, on the calling thread, what another does on its workers. */
class SynchronousManagerTest {

    private static final HealthCheck IO_BREAKS = error -> !(error instanceof IOException);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<Object> notes = Collections.synchronizedList(new ArrayList<>());

    private TaskManager<Resource, Object> manager() {
        return bed.synchronousManager(config -> config.healthCheck(IO_BREAKS).maxRetries(2));
    }

    // -- at once, on this thread -----------------------------------------------------------------------------------

    @EveryEntryPoint
    void hasTheAnswerWhenTheCallReturns(EntryPoint entry) {
        Answer<Object> answer = bed.callHere(entry, manager(), (context, resource) -> Thread.currentThread());
        assertThat(answer.isDone()).isTrue();
        assertThat(answer.value()).isEqualTo(Thread.currentThread());
        assertThat(answer.deliverer()).isEqualTo(Thread.currentThread());
    }

    @EveryEntryPoint
    void startsNoThread(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(entry, manager, failingTimes(2)).await();
        assertThat(bed.threads()).isEmpty();
    }

    @EveryRetriedForm
    void retriesOnThisThreadWithANewResource(EntryPoint entry) {
        bed.callHere(entry, manager(), (context, resource) -> {
                    notes.add(Thread.currentThread());
                    if (context.attempt() < 3) {
                        throw new IOException("broken");
                    }
                    return resource;
                })
                .value();
        assertThat(notes).hasSize(3).containsOnly(Thread.currentThread());
        assertThat(bed.factory().created()).hasSize(3);
        assertThat(bed.factory().alive())
                .containsExactly(bed.factory().created().get(2));
    }

    @EveryCallbackForm
    void letsACallbackCallABlockingForm(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        entry.callWithCallback(manager, (context, resource) -> "value", (value, error) -> {
            try {
                notes.add(manager.queueTask((context, resource) -> value + " again"));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(notes).containsExactly("value again");
    }

    @EveryNonBlockingForm
    void runsTheTaskOfATaskOnATemporaryResource(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(
                        entry,
                        manager,
                        (context, outer) -> bed.callHere(entry, manager, (inner, resource) -> {
                                    notes.addAll(List.of(outer, resource));
                                    return null;
                                })
                                .isDone())
                .value();
        assertThat(notes)
                .doesNotHaveDuplicates()
                .isEqualTo(List.copyOf(bed.factory().created()));
        assertThat(bed.factory().alive()).isEqualTo(notes.subList(0, 1));
    }

    // -- as any manager --------------------------------------------------------------------------------------------

    /** What a task does, and what was done to its manager before. */
    @SuppressWarnings("ImmutableEnumChecker") // Each is a function without state.
    private enum Case {
        RETURNS((manager, attempt) -> "value"),
        RETURNS_NULL((manager, attempt) -> null),
        THROWS_CHECKED((manager, attempt) -> thrown(new Exception("of the task"))),
        THROWS_ERROR((manager, attempt) -> thrown(new AssertionError("of the task"))),
        THROWS_OUR_REJECTION((manager, attempt) -> thrown(new TaskRejectedException(Reason.QUEUE_FULL, "of another"))),
        IS_UNHEALTHY_ONCE((manager, attempt) -> attempt == 1 ? thrown(new IOException("broken")) : "value"),
        IS_UNHEALTHY_EACH_TIME((manager, attempt) -> thrown(new IOException("broken"))),
        CALLS_A_BLOCKING_FORM((manager, attempt) -> blocking(EntryPoint.QUEUE_TASK, manager)),
        CALLS_RUN_TASK((manager, attempt) -> blocking(EntryPoint.RUN_TASK, manager)),
        STOPS_ITS_MANAGER((manager, attempt) -> manager.stop()),
        COMES_AFTER_A_STOP((manager, attempt) -> "value"),
        COMES_AFTER_A_KILL((manager, attempt) -> "value");

        private final BiFunction<TaskManager<Resource, Object>, Integer, Object> body;

        Case(BiFunction<TaskManager<Resource, Object>, Integer, Object> body) {
            this.body = body;
        }

        private static Object thrown(Throwable error) {
            throw Sneaky.rethrow(error);
        }

        private static Object blocking(EntryPoint entry, TaskManager<Resource, Object> manager) {
            Answer<Object> answer = entry.callHere(manager, (context, resource) -> "inner");
            return answer.isError() ? thrown(answer.error()) : answer.value();
        }
    }

    static Stream<Arguments> entryPointsAndCases() {
        return EntryPoint.all().flatMap(entry -> Arrays.stream(Case.values()).map(what -> Arguments.of(entry, what)));
    }

    @ParameterizedTest
    @MethodSource("entryPointsAndCases")
    void answersAndCountsAsAnyManager(EntryPoint entry, Case what) {
        TaskManager<Resource, Object> real =
                bed.manager(config -> config.healthCheck(IO_BREAKS).maxRetries(2));
        assertThat(told(entry, what, manager())).isEqualTo(told(entry, what, real));
    }

    /** All that a call brings. The texts of refusals tell the numbers of a pool, and are left out. */
    private List<Object> told(EntryPoint entry, Case what, TaskManager<Resource, Object> manager) {
        if (what == Case.COMES_AFTER_A_STOP) {
            manager.stop();
        } else if (what == Case.COMES_AFTER_A_KILL) {
            manager.kill();
        }
        Answer<Object> answer =
                bed.call(entry, manager, (context, resource) -> what.body.apply(manager, context.attempt()));
        answer.await();
        TaskMetrics metrics = manager.metrics();
        Object told = answer.isError()
                ? Arrays.asList(
                        answer.error().getClass(),
                        answer.error() instanceof TaskRejectedException e
                                ? e.reason()
                                : answer.error().getMessage(),
                        String.valueOf(answer.error().getCause()))
                : String.valueOf(answer.value());
        return List.of(
                told,
                metrics.totalTasksArrived(),
                metrics.totalTasksCompleted(),
                metrics.totalTasksFailed(),
                metrics.totalTasksRetried(),
                metrics.totalTasksRejected());
    }

    // -- resources -------------------------------------------------------------------------------------------------

    @Test
    void createsNoResourceBeforeTheFirstTask() {
        manager();
        assertThat(bed.factory().calls()).isZero();
    }

    @Test
    void keepsItsResourceFromTaskToTask() {
        TaskManager<Resource, Object> manager = manager();
        EntryPoint.all()
                .forEach(entry -> notes.add(bed.callHere(entry, manager, (context, resource) -> resource)
                        .value()));
        assertThat(notes).containsOnly(bed.factory().created().get(0));
    }

    @EveryEntryPoint
    void keepsNoResourceThatIsBoundToAThread(EntryPoint entry) {
        bed.factory().bindToThreads();
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(entry, manager, (context, resource) -> resource).value();
        assertThat(bed.factory().created()).hasSize(1);
        assertThat(bed.factory().alive()).isEmpty();
    }

    @EveryEntryPoint
    void tellsThatNoResourceCanBeCreated(EntryPoint entry) {
        IOException noRoute = new IOException("no route");
        bed.factory().next(ScriptedFactory.fail(noRoute));
        TaskManager<Resource, Object> manager = manager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> "value");
        assertThat(answer.error(ResourceCreationException.class)).hasCause(noRoute);
        assertThat(manager.metrics().totalTasksRejected()).isEqualTo(1);
    }

    @EveryRetriedForm
    void failsATaskWhoseRetryHasNoResource(EntryPoint entry) {
        bed.factory().next(ScriptedFactory.succeed(), ScriptedFactory.fail(new IOException("no route")));
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(entry, manager, failingTimes(1)).error(ResourceCreationException.class);
        assertThat(manager.metrics().totalTasksRejected()).isZero();
        assertThat(manager.metrics().totalTasksFailed()).isEqualTo(1);
    }

    @EveryRetriedForm
    void endsWithItsRetries(EntryPoint entry) {
        assertThat(bed.callHere(entry, manager(), failingTimes(9))
                        .error(RetriesExhaustedException.class)
                        .attempts())
                .isEqualTo(3);
        assertThat(bed.factory().alive()).isEmpty();
    }

    // -- interrupts ------------------------------------------------------------------------------------------------

    @EveryNonBlockingForm
    void sparesTheTaskAnInterruptFromBefore(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Thread.currentThread().interrupt();
        Answer<Boolean> answer = bed.callHere(
                entry, manager, (context, resource) -> Thread.currentThread().isInterrupted());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isFalse();
    }

    @EveryEntryPoint
    void leavesItsCallerAnInterruptThatTheTaskDoesNotPassOn(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            interruptByAnother();
            return "value";
        });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.value()).isEqualTo("value");
    }

    @EveryNonBlockingForm
    void cancelsATaskThatPassesTheInterruptOfItsCallerOn(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            throw new InterruptedException();
        });
        assertThat(Thread.interrupted()).isTrue();
        answer.error(TaskCancelledException.class);
    }

    @EveryBlockingForm
    void tellsACallerThatIsInterruptedDuringItsTask(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Answer<Object> answer = bed.callHere(entry, manager, (context, resource) -> {
            interruptByAnother();
            Thread.sleep(20_000);
            return "value";
        });
        assertThat(Thread.interrupted()).isFalse();
        answer.error(InterruptedException.class);
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    @EveryRetriedForm
    void cancelsATaskWhoseCallerIsInterruptedBeforeItsRetry(EntryPoint entry) {
        Gate gate = bed.gate();
        bed.factory().next(ScriptedFactory.succeed(), ScriptedFactory.block(gate, ScriptedFactory.succeed()));
        TaskManager<Resource, Object> manager = manager();
        Background<Answer<Object>> call = Background.start(() -> bed.callHere(entry, manager, failingTimes(1)));
        gate.awaitArrivals(1);
        Await.waitUntilParked(call.thread());
        call.thread().interrupt();
        assertThat(call.value().error())
                .isExactlyInstanceOf(entry.isBlocking() ? InterruptedException.class : TaskCancelledException.class);
    }

    // -- the end ---------------------------------------------------------------------------------------------------

    @Test
    void destroysItsResourceAtTheEnd() {
        List<Consumer<TaskManager<Resource, Object>>> ends =
                List.of(TaskManager::stop, all -> all.stop(Duration.ZERO), TaskManager::kill, TaskManager::close);
        for (var end : ends) {
            TaskManager<Resource, Object> manager = manager();
            bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null)
                    .await();
            end.accept(manager);
            assertThat(bed.factory().alive()).isEmpty();
            assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        }
    }

    @EveryEntryPoint
    void killsTheTaskOfAnotherThread(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Gate gate = bed.gate();
        Background<Answer<Object>> call = Background.start(() -> bed.callHere(entry, manager, (context, resource) -> {
            gate.pass();
            return null;
        }));
        gate.awaitArrivals(1);
        assertThat(manager.kill()).isEqualTo(new ShutdownReport(0, 0, 1, 0, 0));
        call.value().error(TaskCancelledException.class);
        assertThat(bed.factory().alive()).isEmpty();
    }

    @EveryRetriedForm
    void drainsTheRetriesOfAnotherThread(EntryPoint entry) {
        TaskManager<Resource, Object> manager = manager();
        Gate gate = bed.gate();
        Background<Answer<Object>> call = Background.start(() -> bed.callHere(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
                throw new IOException("broken");
            }
            return "value";
        }));
        gate.awaitArrivals(1);
        Background<ShutdownReport> stop = Background.start(manager::stop).parked();
        bed.callHere(entry, manager, (context, resource) -> "late").error(TaskRejectedException.class);
        gate.open();
        assertThat(call.value().value()).isEqualTo("value");
        assertThat(stop.value()).isEqualTo(new ShutdownReport(1, 0, 0, 0, 0));
    }

    // -- figures and control ---------------------------------------------------------------------------------------

    @Test
    void hasNoWorkers() {
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null)
                .await();
        assertThat(manager.stats().baseWorkers()).isZero();
        assertThat(manager.stats().activeWorkers()).isZero();
        assertThat(manager.stats().availableResources()).isEqualTo(1);
        assertThat(manager.control().workers()).isEmpty();
    }

    @Test
    void canNotBePausedOrResized() {
        TaskManager<Resource, Object> manager = manager();
        assertThatThrownBy(() -> manager.control().pause())
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no workers");
        assertThatThrownBy(() -> manager.control().resize(1, 2))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no workers");
    }

    @Test
    void recycles() {
        TaskManager<Resource, Object> manager = manager();
        bed.callHere(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null)
                .await();
        manager.control().recycle();
        Await.until("a new one", () -> manager.stats().availableResources() == 1);
        assertThat(bed.factory().created()).hasSize(2);
        assertThat(bed.factory().destroyed())
                .containsExactly(bed.factory().created().get(0));
    }

    private static void interruptByAnother() {
        Thread other = new Thread(Thread.currentThread()::interrupt);
        other.start();
        while (other.isAlive()) {
            Thread.onSpinWait(); // a join would be interrupted
        }
    }

    private static Task<Resource, Object> failingTimes(int times) {
        return (context, resource) -> {
            if (context.attempt() <= times) {
                throw new IOException("broken");
            }
            return null;
        };
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManager;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A future that others complete: nobody awaits the task's own answer any more, so the task is cancelled. */
class CompletedByHandTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    enum Hand {
        COMPLETE(future -> future.complete("by hand")),
        COMPLETE_EXCEPTIONALLY(future -> future.completeExceptionally(new IllegalStateException("by hand"))),
        COMPLETE_ON_TIMEOUT(future -> future.completeOnTimeout("by hand", 1, TimeUnit.MILLISECONDS)),
        OR_TIMEOUT(future -> future.orTimeout(1, TimeUnit.MILLISECONDS)),
        COMPLETE_ASYNC(future -> future.completeAsync(() -> "by hand")),
        COMPLETE_ASYNC_ON(future -> future.completeAsync(() -> "by hand", Runnable::run)),
        COMPLETE_ASYNC_WITH_A_THROW(future -> future.completeAsync(
                () -> {
                    throw new IllegalStateException("by hand");
                },
                Runnable::run)),
        OBTRUDE_VALUE(future -> future.obtrudeValue("by hand")),
        OBTRUDE_EXCEPTION(future -> future.obtrudeException(new IllegalStateException("by hand")));

        @SuppressWarnings("ImmutableEnumChecker") // Each is a call without state.
        private final Consumer<CompletableFuture<Object>> act;

        Hand(Consumer<CompletableFuture<Object>> act) {
            this.act = act;
        }
    }

    static Stream<Arguments> formsAndHands() {
        return EntryPoint.all()
                .filter(EntryPoint::isAsync)
                .flatMap(entry -> Arrays.stream(Hand.values()).map(hand -> Arguments.of(entry, hand)));
    }

    @ParameterizedTest
    @MethodSource("formsAndHands")
    void takesAQueuedTaskOut(EntryPoint entry, Hand hand) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        CompletableFuture<Object> future = submit(entry, manager, "task's");

        hand.act.accept(future);

        assertByHand(future);
        Await.until(
                "its place",
                () -> manager.stats().queuedTasks() + manager.stats().priorityTasks() == 0);
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
        gate.open();
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.isCancelled()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("formsAndHands")
    void cancelsARunningTaskAndInterruptsIt(EntryPoint entry, Hand hand) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        AtomicReference<TaskContext> running = new AtomicReference<>();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            running.set(context);
            gate.pass();
            return "task's";
        });
        gate.awaitArrivals(1);

        hand.act.accept(answer.future());

        assertByHand(answer.future());
        Await.until("the worker", () -> manager.stats().busyWorkers() == 0);
        assertThat(running.get().isCancelled()).isTrue();
        assertThat(manager.metrics().totalTasksCancelled()).isEqualTo(1);
        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "next")
                        .value())
                .isEqualTo("next");
    }

    @ParameterizedTest
    @MethodSource("formsAndHands")
    void leavesATaskAloneThatHasItsAnswer(EntryPoint entry, Hand hand) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        CompletableFuture<Object> future = submit(entry, manager, "task's");
        future.join();

        hand.act.accept(future);

        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksCancelled()).isZero();
        if (hand != Hand.OBTRUDE_VALUE && hand != Hand.OBTRUDE_EXCEPTION) {
            assertThat(future.join()).isEqualTo("task's");
        }
    }

    static Stream<EntryPoint> forms() {
        return EntryPoint.all().filter(EntryPoint::isAsync);
    }

    /** From Java 23 on in another, as of any future. */
    @ParameterizedTest
    @MethodSource("forms")
    void throwsACancellationAsItWasGiven(EntryPoint entry) {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        Gate gate = bed.occupy(manager, 1);
        CompletableFuture<Object> future = submit(entry, manager, "task's");
        CancellationException given = new CancellationException("by hand");
        given.initCause(new TaskCancelledException("of another task"));

        future.completeExceptionally(given);

        assertThatThrownBy(future::join)
                .isInstanceOf(CancellationException.class)
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isSameAs(given),
                        thrown -> assertThat(thrown).hasCauseReference(given));
        gate.open();
    }

    private CompletableFuture<Object> submit(EntryPoint entry, TaskManager<Resource, Object> manager, Object result) {
        return bed.call(entry, manager, (context, resource) -> result).future();
    }

    private static void assertByHand(CompletableFuture<Object> future) {
        Await.until("an answer", future::isDone);
        if (future.isCompletedExceptionally()) {
            assertThatThrownBy(future::join).isInstanceOf(CompletionException.class);
        } else {
            assertThat(future.join()).isEqualTo("by hand");
        }
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.EveryEntryPoint;
import io.taskmanager.testkit.EveryNonBlockingForm;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import io.taskmanager.testkit.Unspeakable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exactly one answer: what a task returns or throws reaches its caller, alike through every way to call. */
class AnswersTest {

    private static final int PRODUCERS = 4;
    private static final int TASKS = 20_000;
    private static final int FLOOD = 5_000;

    @RegisterExtension
    final TestBed bed = new TestBed();

    @EveryEntryPoint
    void givesWhatTheTaskReturned(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        assertThat(bed.call(entry, manager, (context, resource) -> "used " + resource)
                        .value())
                .isEqualTo("used resource " + bed.factory().created().size());
    }

    @EveryEntryPoint
    void givesNullWhereTheTaskReturnedNull(EntryPoint entry) {
        var manager = bed.manager(config -> config);

        assertThat(bed.call(entry, manager, (context, resource) -> null).value())
                .isNull();
    }

    static Stream<Arguments> entryPointsAndErrors() {
        return EntryPoint.all()
                .flatMap(entry -> Stream.of(
                                new IOException("checked"),
                                new IllegalStateException("unchecked"),
                                new AssertionError("error"),
                                new Unspeakable(),
                                new StackOverflowError(),
                                new InterruptedException("thrown by the task, not sent by anybody"),
                                new TaskRejectedException(TaskRejectedException.Reason.QUEUE_FULL, "another manager's"),
                                new TaskExecutionException("another manager's", new IOException()))
                        // On the thread of its caller, it would be the caller's: see CallerInterruptTest.
                        .filter(error -> !(entry.isBlocking() && error instanceof InterruptedException))
                        .map(error -> Arguments.of(entry, error)));
    }

    @ParameterizedTest
    @MethodSource("entryPointsAndErrors")
    void reportsWhatTheTaskThrewAsTheCause(EntryPoint entry, Throwable thrown) {
        var manager = bed.manager(config -> config);

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            throw Sneaky.rethrow(thrown);
        });

        assertThat(answer.error(TaskExecutionException.class)).cause().isSameAs(thrown);
    }

    @EveryEntryPoint
    void goesOnAfterATaskThrew(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        bed.call(entry, manager, (context, resource) -> {
                    throw new StackOverflowError();
                })
                .error();

        assertThat(bed.call(entry, manager, (context, resource) -> "next").value())
                .isEqualTo("next");
    }

    @EveryCallbackForm
    void handsTheCallbackNullForWhatThereIsNot(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        var handed = new ConcurrentLinkedQueue<List<Boolean>>();
        BiConsumer<Object, Throwable> callback = (value, error) -> handed.add(List.of(value == null, error == null));

        entry.callWithCallback(manager, TestBed.watched((context, resource) -> "value"), callback);
        Await.until("the value", () -> handed.size() == 1);
        entry.callWithCallback(
                manager,
                TestBed.watched((context, resource) -> {
                    throw new IOException();
                }),
                callback);
        Await.until("the error", () -> handed.size() == 2);

        assertThat(handed).containsExactly(List.of(false, true), List.of(true, false));
    }

    @EveryEntryPoint
    void refusesANullTask(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Throwable error;
        try {
            error = entry.<Resource, Object>callHere(manager, null).error();
        } catch (NullPointerException e) {
            error = e;
        }
        assertThat(error).isExactlyInstanceOf(NullPointerException.class);
        Await.untilAsserted(() -> assertThat(manager.stats().queuedTasks()
                        + manager.stats().priorityTasks()
                        + manager.metrics().totalTasksArrived())
                .isZero());
    }

    @Test
    void refusesANullCallbackAndNullOptions() {
        var manager = bed.manager(config -> config);

        assertThatNullPointerException()
                .isThrownBy(() -> manager.queueTaskWithCallback((context, resource) -> null, null));
        assertThatNullPointerException()
                .isThrownBy(() -> manager.queueTaskWithPriorityWithCallback((context, resource) -> null, null));
        assertThatNullPointerException()
                .isThrownBy(() -> manager.queueTaskOnceWithCallback((context, resource) -> null, null));
        assertThatNullPointerException()
                .isThrownBy(() -> manager.queueTaskWithPriorityOnceWithCallback((context, resource) -> null, null));
        assertThatNullPointerException().isThrownBy(() -> manager.submit((context, resource) -> null, null));
    }

    @EveryEntryPoint
    void answersEachOfManyTasksExactlyOnceWithItsOwnValue(EntryPoint entry) throws Exception {
        var manager =
                bed.manager(config -> config.workerCount(2).queueCapacity(TASKS).priorityQueueCapacity(TASKS));
        var runs = IntStream.range(0, TASKS).mapToObj(i -> new AtomicInteger()).toList();
        List<Answer<Integer>> answers = produce(entry, manager, runs);

        assertThat(answers).hasSize(TASKS);
        assertThat(answers.stream().map(Answer::value).sorted())
                .containsExactlyElementsOf(() -> IntStream.range(0, TASKS).iterator());
        assertThat(runs).allSatisfy(run -> assertThat(run.get()).isEqualTo(1));
        assertThat(manager.metrics().totalTasksCompleted()).isEqualTo(TASKS);
        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(TASKS);
    }

    @EveryNonBlockingForm
    void runsWhatItAcceptedAndOnlyThatWhenMoreComesThanFits(EntryPoint entry) throws Exception {
        var manager = bed.manager(config -> config.queueCapacity(64).priorityQueueCapacity(64));
        var runs = IntStream.range(0, FLOOD).mapToObj(i -> new AtomicInteger()).toList();
        List<Answer<Integer>> answers = produce(entry, manager, runs);

        answers.forEach(Answer::await);
        List<Answer<Integer>> rejected =
                answers.stream().filter(Answer::isError).toList();
        assertThat(rejected).isNotEmpty().hasSizeLessThan(FLOOD);
        assertThat(rejected)
                .allSatisfy(answer -> assertThat(
                                answer.error(TaskRejectedException.class).reason())
                        .isEqualTo(TaskRejectedException.Reason.QUEUE_FULL));
        assertThat(runs.stream().mapToInt(AtomicInteger::get).sum()).isEqualTo(FLOOD - rejected.size());
        assertThat(manager.metrics().totalTasksRejected()).isEqualTo(rejected.size());
        assertThat(manager.metrics().totalTasksArrived()).isEqualTo(FLOOD - rejected.size());
    }

    /** Makes one call for each element, from several threads; each run of task i is counted in element i. */
    private List<Answer<Integer>> produce(
            EntryPoint entry, TaskManager<Resource, Object> manager, List<AtomicInteger> runs)
            throws InterruptedException {
        var answers = new ConcurrentLinkedQueue<Answer<Integer>>();
        List<Thread> producers = new ArrayList<>();
        for (int p = 0; p < PRODUCERS; p++) {
            int first = p;
            producers.add(new Thread(() -> {
                for (int i = first; i < runs.size(); i += PRODUCERS) {
                    int number = i;
                    answers.add(entry.callHere(manager, (context, resource) -> {
                        runs.get(number).incrementAndGet();
                        return number;
                    }));
                }
            }));
        }
        producers.forEach(Thread::start);
        for (Thread producer : producers) {
            producer.join();
        }
        return List.copyOf(answers);
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Callbacks: run on the callback executor, never on a worker nor on the caller; one that throws is logged. */
class CallbackExecutorTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

    @EveryCallbackForm
    void runCallbacksOnDaemonThreadsOfTheManager(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        for (int i = 0; i < 50; i++) {
            Answer<Boolean> answer =
                    bed.call(entry, manager, (context, resource) -> workers.add(Thread.currentThread()));
            answer.await();
            assertThat(answer.deliverer().isDaemon()).isTrue();
            assertThat(workers).doesNotContain(answer.deliverer());
            assertThat(answer.deliverer()).isNotSameAs(Thread.currentThread());
        }
    }

    @EveryCallbackForm
    void runCallbacksOnTheExecutorOfTheConfigWhichStaysItsOwners(EntryPoint entry) {
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> new Thread(work, "callbacks of the test"));
        try {
            var manager = bed.manager(config -> config.callbackExecutor(executor));

            Answer<Object> value = bed.call(entry, manager, (context, resource) -> null);
            Answer<Object> error = bed.call(entry, manager, (context, resource) -> {
                throw new IOException();
            });
            value.value();
            error.error();
            manager.stop();
            Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);
            refused.error(TaskRejectedException.class);

            assertThat(Stream.of(value, error, refused)
                            .map(answer -> answer.deliverer().getName()))
                    .containsOnly("callbacks of the test");
            assertThat(executor.isShutdown()).isFalse();
        } finally {
            executor.shutdown();
        }
    }

    static Stream<Arguments> callbackFormsAndErrors() {
        return EntryPoint.callbacks()
                .flatMap(entry -> Stream.of(
                                new RejectedExecutionException("full"), new LinkageError("broken"), new IOException())
                        .map(error -> Arguments.of(entry, error)));
    }

    @ParameterizedTest
    @MethodSource("callbackFormsAndErrors")
    void deliversThoughTheExecutorThrows(EntryPoint entry, Throwable error) {
        var manager = bed.manager(config -> config.callbackExecutor(callback -> {
            throw Sneaky.rethrow(error);
        }));

        Answer<String> answer = bed.call(entry, manager, (context, resource) -> {
            workers.add(Thread.currentThread());
            return "delivered";
        });

        assertThat(answer.value()).isEqualTo("delivered");
        assertThat(workers).doesNotContain(answer.deliverer());
        manager.stop();
        Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);
        refused.error(TaskRejectedException.class);
        assertThat(refused.deliverer()).isSameAs(Thread.currentThread());
    }

    static Stream<Arguments> callbackFormsAndOddExecutors() {
        Executor throwing = callback -> {
            callback.run();
            throw new RejectedExecutionException("after it ran");
        };
        Executor repeating = callback -> {
            callback.run();
            callback.run();
        };
        return EntryPoint.callbacks()
                .flatMap(entry -> Stream.of(Named.of("throws afterwards", throwing), Named.of("runs twice", repeating))
                        .map(executor -> Arguments.of(entry, executor)));
    }

    @ParameterizedTest
    @MethodSource("callbackFormsAndOddExecutors")
    void callOnceWhateverTheExecutorDoes(EntryPoint entry, Executor executor) {
        var manager = bed.manager(config -> config.callbackExecutor(executor));

        Answer<String> answer = bed.call(entry, manager, (context, resource) -> "once");
        answer.await();
        manager.stop();
        Await.untilAsserted(() -> assertThat(bed.threads()).isEmpty());

        assertThat(answer.deliveries()).isEqualTo(1);
    }

    @EveryCallbackForm
    void keepNoWorkerWaitingForACallback(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        var callbacks = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            queueWithCallback(entry, manager, () -> {
                gate.passIgnoringInterrupts();
                callbacks.incrementAndGet();
            });
        }

        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "ran")
                        .value())
                .isEqualTo("ran");

        gate.awaitArrivals(1);
        assertThat(callbacks.get()).isZero();
        gate.open();
        Await.until("all callbacks", () -> callbacks.get() == 3);
    }

    @ParameterizedTest
    @MethodSource("callbackFormsAndErrors")
    void logWhatACallbackThrowsAndGoOn(EntryPoint entry, Throwable error) {
        var manager = bed.manager(config -> config);
        queueWithCallback(entry, manager, () -> {
            throw Sneaky.rethrow(error);
        });

        Await.until("the error in the log", () -> bed.logger().hasCause(error));

        assertThat(bed.call(entry, manager, (context, resource) -> "next").value())
                .isEqualTo("next");
    }

    // -- bounds ----------------------------------------------------------------------------------------------------

    /** Room for 2 × (1 + 1) + 1 callbacks. */
    private TaskManager<Resource, Object> managerOfFiveCallbacks() {
        return bed.manager(config -> config.maxWorkerCount(1).queueCapacity(1).priorityQueueCapacity(1));
    }

    /** Has as many callbacks wait at a gate as there may be; the tasks have ended. */
    private Gate fill(EntryPoint entry, TaskManager<Resource, Object> manager) {
        Gate gate = bed.gate();
        long before = manager.metrics().totalTasksCompleted();
        for (int i = 1; i <= 5; i++) {
            queueWithCallback(entry, manager, gate::passIgnoringInterrupts);
            long ended = before + i;
            Await.until("the end of the task", () -> manager.metrics().totalTasksCompleted() == ended);
        }
        return gate;
    }

    @EveryCallbackForm
    void refuseACallWhileTooManyCallbacksWaitAndCallBackOnItsThread(EntryPoint entry) {
        var manager = managerOfFiveCallbacks();
        Gate gate = fill(entry, manager);

        Answer<Object> refused = bed.call(entry, manager, (context, resource) -> workers.add(Thread.currentThread()));

        assertThat(refused.isDone()).isTrue();
        assertThat(refused.deliverer()).isSameAs(Thread.currentThread());
        TaskRejectedException error = refused.error(TaskRejectedException.class);
        assertThat(error.reason()).isEqualTo(TaskRejectedException.Reason.QUEUE_FULL);
        assertThat(error).hasMessageContaining("\"test\"").hasMessageContaining("callbacks=5, limit=5");
        assertThat(error).hasMessageContaining("callbackExecutor");
        assertThat(manager.metrics().totalTasksRejected()).isEqualTo(1);
        assertThat(workers).isEmpty();
        gate.open();
        Await.until(
                "room again",
                () -> bed.call(entry, manager, (context, resource) -> null).deliverer() != Thread.currentThread());
    }

    @EveryCallbackForm
    void refuseNoOtherFormsForTheCallbacks(EntryPoint entry) {
        var manager = managerOfFiveCallbacks();
        fill(entry, manager);

        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "async")
                        .value())
                .isEqualTo("async");
        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "blocking")
                        .value())
                .isEqualTo("blocking");
    }

    @EveryCallbackForm
    void countTheCallbacksOfRefusedCallsToo(EntryPoint entry) {
        var manager = managerOfFiveCallbacks();
        manager.control().pause();
        Gate gate = bed.gate();
        queueWithCallback(entry, manager, () -> {}); // fills the lane
        for (int i = 0; i < 4; i++) {
            queueWithCallback(entry, manager, gate::passIgnoringInterrupts);
        }

        Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);

        assertThat(refused.deliverer()).isSameAs(Thread.currentThread());
        assertThat(refused.error(TaskRejectedException.class)).hasMessageContaining("callbacks=5, limit=5");
    }

    @ParameterizedTest
    @MethodSource("callbackFormsAndErrors")
    void haveRoomAgainWhateverACallbackThrows(EntryPoint entry, Throwable error) {
        var manager = managerOfFiveCallbacks();
        for (int i = 1; i <= 20; i++) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            queueWithCallback(entry, manager, () -> {
                threads.add(Thread.currentThread());
                throw Sneaky.rethrow(error);
            });
            int thrown = i;
            Await.until(
                    "the error in the log",
                    () -> bed.logger().lines().stream()
                                    .filter(line -> line.cause() == error)
                                    .count()
                            == thrown);
            assertThat(threads).doesNotContain(Thread.currentThread());
        }
        fill(entry, manager);
    }

    @EveryCallbackForm
    void haveRoomAgainAfterACallThatThrew(EntryPoint entry) {
        var manager = managerOfFiveCallbacks();

        for (int i = 0; i < 10; i++) {
            assertThatNullPointerException()
                    .isThrownBy(() -> entry.callWithCallback(manager, null, (value, error) -> {}));
        }

        fill(entry, manager);
    }

    @EveryCallbackForm
    void tellThatTheManagerEndsThoughTooManyCallbacksWait(EntryPoint entry) {
        var manager = managerOfFiveCallbacks();
        Gate gate = fill(entry, manager);
        Background<ShutdownReport> stop = Background.start(() -> manager.stop());
        Await.until("the stop", () -> manager.state() == TaskManagerState.STOPPING);

        Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);

        assertThat(refused.error(TaskRejectedException.class).reason())
                .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
        gate.open();
        stop.value();
    }

    @EveryCallbackForm
    void callBackOnTheCallersThreadAfterTheEnd(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        manager.stop();

        for (int i = 0; i < 50; i++) {
            Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);
            assertThat(refused.deliverer()).isSameAs(Thread.currentThread());
            assertThat(refused.error(TaskRejectedException.class).reason())
                    .isEqualTo(TaskRejectedException.Reason.SHUTTING_DOWN);
        }
    }

    @EveryCallbackForm
    void boundWhatAnExecutorRefusesAsWell(EntryPoint entry) {
        var manager = bed.manager(config -> config.maxWorkerCount(1)
                .queueCapacity(1)
                .priorityQueueCapacity(1)
                .callbackExecutor(callback -> {
                    throw new RejectedExecutionException("full");
                }));
        Gate gate = fill(entry, manager);
        Await.until(
                "five refusals",
                () -> bed.logger().lines(RecordingLogger.Level.ERROR).size() == 5);

        Answer<Object> refused = bed.call(entry, manager, (context, resource) -> null);

        assertThat(refused.deliverer()).isSameAs(Thread.currentThread());
        assertThat(refused.error(TaskRejectedException.class)).hasMessageContaining("callbacks=5, limit=5");
        gate.open();
        Await.until(
                "room again",
                () -> bed.call(entry, manager, (context, resource) -> null).deliverer() != Thread.currentThread());
    }

    @EveryCallbackForm
    void haveAFewThreadsForWhatAnExecutorRefuses(EntryPoint entry) {
        var manager = bed.manager(config -> config.callbackExecutor(callback -> {
            throw new RejectedExecutionException("full");
        }));
        Gate gate = bed.gate();

        for (int i = 0; i < 200; i++) {
            queueWithCallback(entry, manager, gate::passIgnoringInterrupts);
        }
        Await.until("the ends", () -> manager.metrics().totalTasksCompleted() == 200);
        gate.awaitArrivals(1);

        assertThat(bed.threads())
                .filteredOn(thread -> thread.getName().startsWith("test-callback"))
                .hasSizeLessThan(50);
    }

    @EveryCallbackForm
    void getOnThoughMoreWaitForOneAnotherThanThereAreThreads(EntryPoint entry) {
        var manager = bed.manager(config -> config);
        int threads = Math.max(4, Runtime.getRuntime().availableProcessors());
        Gate gate = bed.gate();

        for (int i = 0; i < threads; i++) {
            queueWithCallback(entry, manager, gate::passIgnoringInterrupts);
        }
        queueWithCallback(entry, manager, gate::open);

        Await.until("the callback that the others wait for", gate::isOpen);
    }

    private static void queueWithCallback(EntryPoint entry, TaskManager<Resource, Object> manager, Runnable callback) {
        entry.callWithCallback(manager, TestBed.watched((context, resource) -> null), (value, error) -> callback.run());
    }
}

package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryCallbackForm;
import io.taskmanager.testkit.Gate;
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
        assertThat(refused.deliverer()).isNotSameAs(Thread.currentThread());
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

    private static void queueWithCallback(EntryPoint entry, TaskManager<Resource, Object> manager, Runnable callback) {
        entry.callWithCallback(manager, TestBed.watched((context, resource) -> null), (value, error) -> callback.run());
    }
}

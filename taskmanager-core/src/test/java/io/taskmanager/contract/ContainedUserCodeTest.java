package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.StartupPolicy;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import io.taskmanager.testkit.Sneaky;
import io.taskmanager.testkit.TestBed;
import io.taskmanager.testkit.Throwing;
import io.taskmanager.testkit.Unspeakable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Contained user code: whatever the user's parts throw is logged, and the manager goes on and answers. */
class ContainedUserCodeTest {

    @RegisterExtension
    final TestBed bed = new TestBed();

    static Stream<Throwable> errors() {
        return Stream.of(
                        new IllegalStateException("user code"),
                        new StackOverflowError("user code"),
                        new IOException(),
                        new Unspeakable())
                // Each is logged, and none for where it was made.
                .peek(error -> error.setStackTrace(new StackTraceElement[0]));
    }

    static Stream<Arguments> entryPointsAndErrors() {
        return EntryPoint.all().flatMap(entry -> errors().map(error -> Arguments.of(entry, error)));
    }

    static Stream<Arguments> asyncFormsAndErrors() {
        return EntryPoint.async().flatMap(entry -> errors().map(error -> Arguments.of(entry, error)));
    }

    private static Stream<Arguments> methodsAndErrors(String... methods) {
        return Stream.of(methods).flatMap(method -> errors().map(error -> Arguments.of(method, error)));
    }

    static Stream<Arguments> collectorMethodsAndErrors() {
        return methodsAndErrors(
                "recordArrival",
                "recordCompletion",
                "recordFailure",
                "recordRetry",
                "recordRejection",
                "recordCancellation",
                "recordTimeout",
                Throwing.EVERY);
    }

    static Stream<Arguments> loggerMethodsAndErrors() {
        return methodsAndErrors("debugf", "infof", "warnf", "errorf", "isDebugEnabled", Throwing.EVERY);
    }

    @ParameterizedTest
    @MethodSource("entryPointsAndErrors")
    void takesAnErrorAsHealthyWhenTheHealthCheckThrows(EntryPoint entry, Throwable error) {
        var manager = bed.manager(config -> config.healthCheck(shown -> {
            throw Sneaky.rethrow(error);
        }));
        var thrown = new IOException("task");

        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            throw thrown;
        });

        assertThat(answer.error(TaskExecutionException.class)).cause().isSameAs(thrown);
        assertThat(bed.factory().destroyed()).isEmpty();
        assertGoesOnAndLogged(entry, manager, error);
    }

    @ParameterizedTest
    @MethodSource("collectorMethodsAndErrors")
    void goesOnWhenTheCollectorThrows(String method, Throwable error) {
        var collector = new Throwing(method, error);

        driveToEveryEnd(config -> config.collector(collector));

        assertThat(collector.thrown()).isPositive();
        Await.until("the error in the log", () -> bed.logger().hasCause(error));
    }

    @ParameterizedTest
    @MethodSource("loggerMethodsAndErrors")
    void goesOnWhenTheLoggerThrows(String method, Throwable error) {
        driveToEveryEnd(config -> config.logger(new Throwing(method, error)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void givesTheMetricsOfNoTaskWhenTheCollectorThrows(Throwable error) {
        var manager = bed.manager(config -> config.collector(new Throwing("metrics", error)));

        assertThat(manager.metrics().totalTasksArrived()).isZero();
        assertThat(bed.logger().hasCause(error)).isTrue();
    }

    static Stream<Arguments> listenerMethodsAndErrors() {
        return methodsAndErrors("taskFinished", "taskRejected", "event", Throwing.EVERY);
    }

    @ParameterizedTest
    @MethodSource("listenerMethodsAndErrors")
    void goesOnWhenTheListenerThrows(String method, Throwable error) {
        var listener = new Throwing(method, error);

        driveToEveryEnd(config -> config.listener(listener));

        assertThat(listener.thrown()).isPositive();
        Await.until("the error in the log", () -> bed.logger().hasCause(error));
    }

    /** Drives tasks to every kind of end, with parts of the manager that throw, and looks for each answer. */
    private void driveToEveryEnd(UnaryOperator<TaskManagerConfig.Builder<Resource>> parts) {
        bed.factory().onDestroy(resource -> {
            throw new IOException("so that there is something to warn of");
        });
        var manager = bed.manager(config -> parts.apply(
                config.healthCheck(error -> !(error instanceof IOException)).maxRetries(1)));
        EntryPoint.all().forEach(entry -> {
            assertThat(bed.call(entry, manager, (context, resource) -> "value").value())
                    .isEqualTo("value");
            bed.call(entry, manager, (context, resource) -> {
                        throw new IOException("unhealthy");
                    })
                    .error();
            bed.call(entry, manager, (context, resource) -> {
                        throw new IllegalArgumentException("healthy");
                    })
                    .error(TaskExecutionException.class);
        });
        cancelEach(manager);
        bed.submit(manager, TaskOptions.builder().timeout(Duration.ofNanos(1)), (context, resource) -> {
                    bed.gate().pass();
                    return null;
                })
                .error(TaskTimeoutException.class);
        manager.stop();
        EntryPoint.all()
                .forEach(entry ->
                        bed.call(entry, manager, (context, resource) -> null).error(TaskRejectedException.class));
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    private void cancelEach(TaskManager<Resource, Object> manager) {
        Gate gate = bed.occupy(manager, 1);
        EntryPoint.async().forEach(entry -> {
            Answer<Object> answer = bed.call(entry, manager, (context, resource) -> null);
            answer.future().cancel(true);
            answer.error();
        });
        gate.open();
    }

    @ParameterizedTest
    @MethodSource("entryPointsAndErrors")
    void countsAResourceAsDestroyedWhenItsDestructionThrows(EntryPoint entry, Throwable error) {
        bed.factory().onDestroy(resource -> {
            throw Sneaky.rethrow(error);
        });
        var manager = bed.manager(config -> config.healthCheck(thrown -> !(thrown instanceof IOException)));
        bed.call(entry, manager, (context, resource) -> {
                    if (context.attempt() == 1) {
                        throw new IOException("unhealthy");
                    }
                    return null;
                })
                .await();

        assertGoesOnAndLogged(entry, manager, error);

        manager.stop();
        assertThat(bed.factory().alive()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("asyncFormsAndErrors")
    void cancelsThoughAnActionThrows(EntryPoint entry, Throwable error) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        List<String> notes = new CopyOnWriteArrayList<>();
        Answer<Object> answer = bed.call(entry, manager, (context, resource) -> {
            context.onCancel(() -> {
                throw Sneaky.rethrow(error);
            });
            context.onCancel(() -> notes.add("second action"));
            try {
                gate.pass();
            } catch (InterruptedException e) {
                notes.add("interrupted");
                context.onCancel(() -> {
                    throw Sneaky.rethrow(error);
                });
                notes.add("after the late action");
            }
            return null;
        });
        gate.awaitArrivals(1);

        answer.future().cancel(true);

        answer.error();
        Await.untilAsserted(() ->
                assertThat(notes).containsExactlyInAnyOrder("second action", "interrupted", "after the late action"));
        assertGoesOnAndLogged(entry, manager, error);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void goesOnWhenTheThreadFactoryThrowsInABurst(Throwable error) {
        var broken = new AtomicBoolean();
        var manager = bed.manager(config -> config.maxWorkerCount(3)
                .burstInterval(Duration.ofMillis(2))
                .scalingPolicy(snapshot -> {
                    return broken.get() ? 3 : 1;
                })
                .threadFactory(work -> {
                    if (broken.get()) {
                        throw Sneaky.rethrow(error);
                    }
                    return new Thread(work);
                }));

        broken.set(true);
        Await.until("the error in the log", () -> bed.logger().hasCause(error));

        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "value")
                        .value())
                .isEqualTo("value");
        assertThat(manager.stats().activeWorkers()).isEqualTo(1);
        manager.stop();
        assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
    }

    @ParameterizedTest
    @MethodSource("errors")
    void goesOnWhenTheFactoryThrowsInABurst(Throwable error) {
        bed.factory().next(ScriptedFactory.succeed()).otherwise(ScriptedFactory.fail(error));
        var manager = bed.manager(config ->
                config.maxWorkerCount(2).burstInterval(Duration.ofMillis(2)).scalingPolicy(snapshot -> 2));
        Await.until("a failed creation", () -> bed.logger().hasCause(error));

        assertThat(bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> "value")
                        .value())
                .isEqualTo("value");
    }

    /** Has a part of the user's throw once, through the call that drives it. */
    @FunctionalInterface
    private interface Part {
        void fail(ContainedUserCodeTest test, Throwable error);
    }

    private static Named<Part> part(String name, Part part) {
        return Named.of(name, part);
    }

    static Stream<Arguments> partsAndErrors() {
        return Stream.of(
                        part("health check", ContainedUserCodeTest::failHealthCheck),
                        part("callback", ContainedUserCodeTest::failCallback),
                        part(
                                "collector",
                                (test, error) -> test.failNothing(
                                        config -> config.collector(new Throwing("recordCompletion", error)))),
                        part(
                                "listener",
                                (test, error) -> test.failNothing(
                                        config -> config.listener(new Throwing("taskFinished", error)))),
                        part("decorator", ContainedUserCodeTest::failDecorator),
                        part("scaling policy", ContainedUserCodeTest::failPolicy),
                        part("creation", ContainedUserCodeTest::failCreation),
                        part("destruction", ContainedUserCodeTest::failDestruction),
                        part("validation", ContainedUserCodeTest::failValidation),
                        part("action of a cancelled task", ContainedUserCodeTest::failAction))
                .flatMap(part -> errors().map(error -> Arguments.of(part, error)));
    }

    @ParameterizedTest
    @MethodSource("partsAndErrors")
    void logsOnceWhatAPartThrows(Part part, Throwable error) {
        part.fail(this, error);

        Await.until("the error in the log", () -> bed.logger().hasCause(error));
        assertThat(bed.logger().lines())
                .filteredOn(line -> isCausedBy(line.cause(), error))
                .hasSize(1);
    }

    private static boolean isCausedBy(Throwable thrown, Throwable cause) {
        return thrown != null && (thrown == cause || isCausedBy(thrown.getCause(), cause));
    }

    private void failNothing(UnaryOperator<TaskManagerConfig.Builder<Resource>> parts) {
        var manager = bed.manager(parts);
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> null).value();
        manager.stop();
    }

    private void failHealthCheck(Throwable error) {
        var manager = bed.manager(config -> config.healthCheck(shown -> {
            throw Sneaky.rethrow(error);
        }));
        bed.call(EntryPoint.QUEUE_TASK, manager, (context, resource) -> {
                    throw new IllegalArgumentException("task");
                })
                .error();
        manager.stop();
    }

    private void failCallback(Throwable error) {
        var manager = bed.manager(config -> config);
        EntryPoint.QUEUE_TASK_WITH_CALLBACK.callWithCallback(
                manager, TestBed.watched((context, resource) -> null), (value, thrown) -> {
                    throw Sneaky.rethrow(error);
                });
        manager.stop();
    }

    private void failDecorator(Throwable error) {
        failNothing(config -> config.taskDecorator(new TaskDecorator() {
            @Override
            public <R, T> Task<R, T> decorate(Task<R, T> task) {
                throw Sneaky.rethrow(error);
            }
        }));
    }

    private void failPolicy(Throwable error) {
        var interval = Duration.ofSeconds(1);
        bed.timedManager(config -> config.burstInterval(interval).scalingPolicy(snapshot -> {
            throw Sneaky.rethrow(error);
        }));
        bed.timer().advance(interval);
    }

    private void failCreation(Throwable error) {
        bed.factory().next(ScriptedFactory.fail(error));
        failNothing(config -> config.startupPolicy(StartupPolicy.LENIENT));
    }

    private void failDestruction(Throwable error) {
        bed.factory().onDestroy(resource -> {
            throw Sneaky.rethrow(error);
        });
        failNothing(config -> config);
    }

    private void failValidation(Throwable error) {
        bed.factory().fitness(resource -> {
            throw Sneaky.rethrow(error);
        });
        cancelRunning(context -> {});
    }

    private void failAction(Throwable error) {
        cancelRunning(context -> context.onCancel(() -> {
            throw Sneaky.rethrow(error);
        }));
    }

    private void cancelRunning(Consumer<TaskContext> atStart) {
        var manager = bed.manager(config -> config);
        Gate gate = bed.gate();
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            atStart.accept(context);
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);
        answer.future().cancel(true);
        manager.stop();
    }

    private void assertGoesOnAndLogged(EntryPoint entry, TaskManager<Resource, Object> manager, Throwable error) {
        assertThat(bed.call(entry, manager, (context, resource) -> "next").value())
                .isEqualTo("next");
        Await.until("the error in the log", () -> bed.logger().hasCause(error));
    }
}

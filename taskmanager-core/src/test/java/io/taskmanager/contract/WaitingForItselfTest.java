package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.ManualManagers;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that waits for its manager, from wherever it is that manager's own work which makes it. */
class WaitingForItselfTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @RegisterExtension
    final TestBed bed = new TestBed();

    /** The call that is to be refused; made once, at the place of the test. */
    private final AtomicReference<Runnable> call = new AtomicReference<>();

    private final CompletableFuture<Throwable> refusal = new CompletableFuture<>();

    enum Call {
        QUEUE_TASK(manager -> manager.queueTask((context, resource) -> null)),
        CALL(manager ->
                manager.call((context, resource) -> null, TaskOptions.builder().build())),
        STOP(TaskManager::stop),
        STOP_WITHIN(manager -> manager.stop(Duration.ofHours(1))),
        KILL(TaskManager::kill),
        CLOSE(TaskManager::close);

        @SuppressWarnings("ImmutableEnumChecker") // Each call is a method reference without state.
        private final Body body;

        Call(Body body) {
            this.body = body;
        }
    }

    private interface Body {
        void on(TaskManager<Object, Object> manager) throws InterruptedException;
    }

    enum Place {
        TASK,
        STAGE,
        CALLBACK_IN_PLACE,
        CREATE,
        DESTROY,
        VALIDATE,
        RESET,
        HEALTH_CHECK,
        RESOURCE_HEALTH_CHECK,
        RETRY_POLICY,
        RETRY_POLICY_AT_A_RUN_TIMEOUT,
        LISTENER,
        ON_CANCEL,
        STAGE_OF_A_CANCELLED_TASK_WITH_ACTIONS,
        CREATE_FOR_RUN_TASK,
        DESTROY_AFTER_RUN_TASK,
        RESET_AFTER_RUN_TASK,
        LISTENER_OF_A_CALL
    }

    static Stream<Arguments> placesAndCalls() {
        return Arrays.stream(Place.values())
                .flatMap(place -> Arrays.stream(Call.values()).map(what -> Arguments.of(place, what)));
    }

    @ParameterizedTest
    @MethodSource("placesAndCalls")
    void isRefused(Place place, Call what) throws Exception {
        try (TaskManager<Object, Object> manager = create(place)) {
            call.set(() -> {
                try {
                    what.body.on(manager);
                    refusal.completeExceptionally(new AssertionError("it was not refused"));
                } catch (InterruptedException | RuntimeException e) {
                    refusal.complete(e);
                }
            });
            go(place, manager);
            assertThat(refusal.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("\"self\"");
        }
    }

    private TaskManager<Object, Object> create(Place place) {
        return place == Place.RETRY_POLICY_AT_A_RUN_TIMEOUT
                ? ManualManagers.create(config(place), bed.timer())
                : TaskManagers.create(config(place));
    }

    private TaskManagerConfig<Object> config(Place place) {
        TaskManagerConfig.Builder<Object> config = TaskManagerConfig.builder(new ResourceFactory<>() {
                    @Override
                    public Object create() {
                        at(place, Place.CREATE, Place.CREATE_FOR_RUN_TASK);
                        return new Object();
                    }

                    @Override
                    public void destroy(Object resource) {
                        at(place, Place.DESTROY, Place.DESTROY_AFTER_RUN_TASK);
                    }

                    @Override
                    public boolean validate(Object resource) {
                        at(place, Place.VALIDATE);
                        return true;
                    }

                    @Override
                    public void reset(Object resource) {
                        at(place, Place.RESET, Place.RESET_AFTER_RUN_TASK);
                    }
                })
                .name("self")
                .workerCount(1)
                .maxWorkerCount(1)
                .burstInterval(Duration.ZERO)
                .healthCheck(error -> {
                    at(place, Place.HEALTH_CHECK);
                    return false;
                })
                .retryPolicy((error, attempt) -> {
                    at(place, Place.RETRY_POLICY, Place.RETRY_POLICY_AT_A_RUN_TIMEOUT);
                    return false;
                })
                .listener(new TaskManagerListener() {
                    @Override
                    public void event(TaskManagerEvent event) {
                        if (event.type() == TaskManagerEvent.Type.RESOURCE_DESTROYED) {
                            at(place, Place.LISTENER);
                        } else if (event.type() == TaskManagerEvent.Type.PAUSED) {
                            at(place, Place.LISTENER_OF_A_CALL);
                        }
                    }
                });
        if (place == Place.CALLBACK_IN_PLACE) {
            config.callbackExecutor(Runnable::run);
        } else if (place == Place.VALIDATE) {
            config.resourceIdleValidation(Duration.ofNanos(1));
        } else if (place == Place.RESOURCE_HEALTH_CHECK) {
            config.resourceHealthCheck((error, resource) -> {
                at(place, Place.RESOURCE_HEALTH_CHECK);
                return false;
            });
        } else if (place == Place.RETRY_POLICY_AT_A_RUN_TIMEOUT) {
            config.taskTimeout(TIMEOUT);
        }
        return config.build();
    }

    private void at(Place place, Place... places) {
        if (Arrays.asList(places).contains(place)) {
            makeTheCall();
        }
    }

    private void makeTheCall() {
        Runnable once = call.getAndSet(null);
        if (once != null) {
            once.run();
        }
    }

    private void go(Place place, TaskManager<Object, Object> manager) throws Exception {
        switch (place) {
            case TASK ->
                manager.queueTaskAsync((context, resource) -> {
                    makeTheCall();
                    return null;
                });
            case STAGE -> {
                manager.control().pause(); // so that the stage is there before the answer
                manager.queueTaskAsync((context, resource) -> null).thenRun(this::makeTheCall);
                manager.control().resume();
            }
            case CALLBACK_IN_PLACE -> {
                manager.control().pause();
                manager.queueTaskWithCallback((context, resource) -> null, (value, error) -> makeTheCall());
                manager.control().resume();
            }
            case CREATE, DESTROY, HEALTH_CHECK, RESOURCE_HEALTH_CHECK, LISTENER -> fail(manager);
            case RETRY_POLICY ->
                manager.queueTaskAsync((context, resource) -> {
                    throw new IllegalStateException("asks for another attempt");
                });
            case RETRY_POLICY_AT_A_RUN_TIMEOUT -> runTooLong(manager);
            case RESET -> manager.queueTaskAsync((context, resource) -> null);
            case VALIDATE -> {
                manager.queueTaskAsync((context, resource) -> null).join();
                manager.queueTaskAsync((context, resource) -> null);
            }
            case ON_CANCEL -> cancel(manager, () -> {}, this::makeTheCall);
            case STAGE_OF_A_CANCELLED_TASK_WITH_ACTIONS -> cancel(manager, this::makeTheCall, () -> {});
            case CREATE_FOR_RUN_TASK -> manager.runTask((context, resource) -> null);
            case DESTROY_AFTER_RUN_TASK ->
                Background.start(() -> manager.runTask((context, resource) -> {
                    throw new IllegalStateException("breaks its resource");
                }));
            case RESET_AFTER_RUN_TASK -> Background.start(() -> manager.runTask((context, resource) -> null));
            case LISTENER_OF_A_CALL -> {
                manager.control().pause();
                manager.control().resume();
            }
        }
    }

    private static void fail(TaskManager<Object, Object> manager) {
        manager.queueTaskOnceAsync((context, resource) -> {
            throw new IllegalStateException("breaks its resource");
        });
    }

    private void runTooLong(TaskManager<Object, Object> manager) {
        var started = bed.gate();
        manager.queueTaskAsync((context, resource) -> {
            started.pass();
            return null;
        });
        started.awaitArrivals(1);
        Background.start(() -> {
            bed.timer().advance(TIMEOUT);
            return null;
        });
    }

    private void cancel(TaskManager<Object, Object> manager, Runnable stage, Runnable action) {
        var started = bed.gate();
        CompletableFuture<Object> future = manager.queueTaskAsync((context, resource) -> {
            context.onCancel(action);
            started.pass();
            return null;
        });
        future.whenComplete((value, error) -> stage.run());
        started.awaitArrivals(1);
        Background<Boolean> canceller = Background.start(() -> future.cancel(true));
        Await.until("the end of the cancel", canceller::isDone);
    }

    /** The one that waits is on another thread: each runs on a worker of its own manager. */
    @ParameterizedTest
    @EnumSource
    void isRefusedAcrossManagersAndThreads(Call what) throws Exception {
        TaskManager<Resource, Object> first =
                bed.manager(config -> config.name("first").lending(false));
        TaskManager<Resource, Object> second =
                bed.manager(config -> config.name("second").lending(false));

        Object refused = first.queueTaskAsync((context, resource) -> second.queueTask((context2, resource2) -> {
                    try {
                        what.body.on((TaskManager<Object, Object>) (TaskManager<?, Object>) first);
                        return "it was not refused";
                    } catch (IllegalStateException e) {
                        return e.getMessage();
                    }
                }))
                .get(20, TimeUnit.SECONDS);

        assertThat(refused).asString().contains("\"first\"");
    }

    @Test
    void isNotRefusedInACallbackOnItsOwnExecutor() throws Exception {
        TaskManager<Resource, Object> manager = bed.manager(config -> config);
        CompletableFuture<Object> answer = new CompletableFuture<>();

        manager.queueTaskWithCallback((context, resource) -> null, (value, error) -> {
            try {
                answer.complete(manager.queueTask((context, resource) -> "inner"));
            } catch (InterruptedException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });

        assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("inner");
    }

    /** Nobody waits for a task that was handed in by an async form, so it is no part of what its submitter is within. */
    @Test
    void isNotRefusedToATaskThatATaskHasSubmittedWithoutWaiting() throws Exception {
        TaskManager<Resource, Object> first =
                bed.manager(config -> config.name("first").lending(false));
        TaskManager<Resource, Object> second =
                bed.manager(config -> config.name("second").lending(false));

        CompletableFuture<String> inner = first.<CompletableFuture<String>>queueTaskAsync((context, resource) ->
                        second.queueTaskAsync((context2, resource2) -> first.queueTask((c, r) -> "inner")))
                .get(20, TimeUnit.SECONDS);

        assertThat(inner.get(20, TimeUnit.SECONDS)).isEqualTo("inner");
    }
}

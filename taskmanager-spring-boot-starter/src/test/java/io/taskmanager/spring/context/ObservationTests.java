package io.taskmanager.spring.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Context;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import io.taskmanager.spring.readme.FormatConvention;
import io.taskmanager.spring.readme.ObservationConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** A task is one observation, whatever form it is submitted with, if the application asks for it. */
@ExtendWith(NoLeakedThreads.class)
class ObservationTests {

    private final ObservationRegistry observations = ObservationRegistry.create();
    private final Recorder recorder = new Recorder();

    private final ApplicationContextRunner unobserved = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withBean("sessions", ResourceFactory.class, () -> ResourceFactory.of(Object::new, session -> {}))
            .withBean(ObservationRegistry.class, () -> observations)
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1",
                    "taskmanager.managers.images.retry-backoff.initial=0s",
                    "taskmanager.managers.images.burst-interval=0s");
    private final ApplicationContextRunner runner =
            unobserved.withPropertyValues("taskmanager.defaults.observation-enabled=true");

    ObservationTests() {
        observations.observationConfig().observationHandler(recorder);
    }

    /** The ways to have a task run: each returns, or throws what it threw, once that is answered. */
    enum Form {
        ASYNC(TaskLane.MAIN) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) {
                images.queueTaskAsync(task).join();
            }
        },
        ASYNC_ONCE(TaskLane.PRIORITY) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) {
                images.queueTaskWithPriorityOnceAsync(task).join();
            }
        },
        BLOCKING(TaskLane.MAIN) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) throws InterruptedException {
                images.queueTask(task);
            }
        },
        BLOCKING_ONCE(TaskLane.MAIN) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) throws InterruptedException {
                images.queueTaskOnce(task);
            }
        },
        CALLBACK(TaskLane.MAIN) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) {
                CompletableFuture<Object> answer = new CompletableFuture<>();
                images.queueTaskWithCallback(task, answering(answer));
                answer.join();
            }
        },
        CALLBACK_ONCE(TaskLane.PRIORITY) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) {
                CompletableFuture<Object> answer = new CompletableFuture<>();
                images.queueTaskWithPriorityOnceWithCallback(task, answering(answer));
                answer.join();
            }
        },
        RUN_TASK(TaskLane.DIRECT) {
            @Override
            void run(TaskManager<Object, Object> images, Task<Object, Object> task) throws InterruptedException {
                images.runTask(task);
            }
        };

        private final TaskLane lane;

        Form(TaskLane lane) {
            this.lane = lane;
        }

        abstract void run(TaskManager<Object, Object> images, Task<Object, Object> task) throws InterruptedException;
    }

    // -- one for each task --------------------------------------------------------------------------------------------

    @Test
    void observesNothingUnlessAskedTo() {
        unobserved.run(context -> {
            images(context).runTask((task, session) -> null);

            assertThat(recorder.started).isEmpty();
        });
    }

    @Test
    void saysNothingWorseThanAWarningWithoutARegistry() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withBean("sessions", ResourceFactory.class, () -> ResourceFactory.of(Object::new, session -> {}))
                .withPropertyValues(
                        "taskmanager.managers.images.worker-count=1",
                        "taskmanager.managers.images.observation-enabled=true")
                .run(context -> images(context).runTask((task, session) -> null));
    }

    @ParameterizedTest
    @EnumSource
    void observesATaskWithinItsSubmitters(Form form) {
        runner.run(context -> {
            Observation request = Observation.start("request", observations);
            try (Observation.Scope scope = request.openScope()) {
                form.run(images(context), (task, session) -> {
                    assertThat(current()).isInstanceOf(TaskObservationContext.class);
                    return null;
                });
                assertThat(observations.getCurrentObservation()).isSameAs(request);
            }

            TaskObservationContext observed = recorder.awaitStopped();
            assertThat(recorder.started).hasSize(2);
            assertThat(observed.getParentObservation()).isSameAs(request);
            assertThat(observed.getName()).isEqualTo("taskmanager.task");
            assertThat(observed.getContextualName()).isEqualTo("images task");
            assertThat(observed.getLowCardinalityKeyValues())
                    .isEqualTo(KeyValues.of(
                            "name", "images",
                            "lane", form.lane.name().toLowerCase(),
                            "outcome", "completed"));
            assertThat(observed.getHighCardinalityKeyValues())
                    .isEqualTo(KeyValues.of("task", observed.getTaskName(), "attempts", "1"));
            assertThat(observed.getError()).isNull();
        });
    }

    @Test
    void observesATaskOnALentWorker() {
        runner.run(context -> {
            TaskManager<Object, Object> images = images(context);
            Awaitility.await()
                    .pollInSameThread()
                    .until(() -> images.queueTask((task, session) -> task.isOnCallersThread()), Boolean.TRUE::equals);
            recorder.stopped.clear();

            images.queueTask((task, session) -> {
                assertThat(task.isOnCallersThread()).isTrue();
                assertThat(current()).isInstanceOf(TaskObservationContext.class);
                return null;
            });

            assertThat(recorder.awaitStopped().getOutcome()).isEqualTo(TaskOutcome.COMPLETED);
            assertThat(observations.getCurrentObservation()).isNull();
        });
    }

    @Test
    void theParentIsTheSubmittersThoughNothingElseIsPropagated() {
        runner.withPropertyValues("taskmanager.defaults.propagate-context=false")
                .run(context -> {
                    Observation request = Observation.start("request", observations);
                    request.scoped(() -> {
                        images(context).queueTaskAsync((task, session) -> null).join();
                    });

                    assertThat(recorder.awaitStopped().getParentObservation()).isSameAs(request);
                });
    }

    @Test
    void theContextTellsWhatTheOptionsSay() {
        runner.run(context -> {
            TaskOptions options =
                    TaskOptions.builder().name("resize").tag("format", "png").build();
            images(context).call((task, session) -> null, options);

            TaskObservationContext observed = recorder.awaitStopped();
            assertThat(observed.getManagerName()).isEqualTo("images");
            assertThat(observed.getTaskName()).isEqualTo("resize");
            assertThat(observed.getTags()).containsEntry("format", "png");
            assertThat(observed.getAttempts()).isOne();
        });
    }

    // -- before it starts ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void hasItsLowCardinalityKeysWhenItStarts(Form form) {
        runner.run(context -> {
            form.run(images(context), (task, session) -> null);

            assertThat(recorder.keyValuesAtStart)
                    .containsExactly(KeyValues.of(
                            "name", "images", "lane", form.lane.name().toLowerCase(), "outcome", "none"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPredicateSeesTheTaskAndCanLeaveItOut(Form form) {
        observations.observationConfig().observationPredicate(new ObservationConfiguration().onlyImages());
        runner.withPropertyValues("taskmanager.managers.catalog.worker-count=1").run(context -> {
            form.run(manager(context, "catalog"), (task, session) -> null);
            assertThat(recorder.started).isEmpty();

            form.run(images(context), (task, session) -> null);
            assertThat(recorder.started).hasSize(1);
        });
    }

    // -- errors -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void hasTheErrorOfATaskThatFailed(Form form) {
        runner.run(context -> {
            IOException error = new IOException("broken");
            Throwable thrown = catchThrowable(() -> form.run(images(context), (task, session) -> {
                throw error;
            }));

            assertThat(thrown).hasRootCause(error);
            assertThat(recorder.awaitStopped().getOutcome()).isEqualTo(TaskOutcome.FAILED);
            assertThat(recorder.awaitStopped().getError()).isSameAs(error);
        });
    }

    @ParameterizedTest
    @EnumSource
    void isAnErrorWhereATaskRanIntoItsTimeout(Form form) {
        runner.withPropertyValues("taskmanager.defaults.task-timeout=20ms").run(context -> {
            Throwable thrown = catchThrowable(() -> form.run(images(context), (task, session) -> {
                new CountDownLatch(1).await();
                return null;
            }));

            assertThat(thrown instanceof CompletionException ? thrown.getCause() : thrown)
                    .isInstanceOf(TaskTimeoutException.class);
            assertThat(recorder.awaitStopped().getOutcome()).isEqualTo(TaskOutcome.TIMED_OUT);
            assertThat(recorder.awaitStopped().getError()).isInstanceOf(TaskTimeoutException.class);
        });
    }

    @Test
    void isAnErrorWhereATaskTimedOutInTheQueue() {
        runner.withPropertyValues("taskmanager.defaults.queue-timeout=20ms").run(context -> {
            TaskManager<Object, Object> images = images(context);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Object> running = occupy(images, release);
            CompletableFuture<Object> queued = images.queueTaskAsync((task, session) -> null);
            assertThat(catchThrowable(queued::join)).hasCauseInstanceOf(TaskTimeoutException.class);

            TaskObservationContext observed = recorder.awaitStopped();
            assertThat(observed.getAttempts()).isZero();
            assertThat(observed.getError()).isInstanceOf(TaskTimeoutException.class);
            release.countDown();
            running.join();
        });
    }

    @Test
    void isNoErrorWhereATaskWasCancelledAndEndsWithItsAnswer() {
        runner.run(context -> {
            TaskManager<Object, Object> images = images(context);
            CompletableFuture<Object> running = occupy(images, new CountDownLatch(1));
            CompletableFuture<Object> queued = images.queueTaskAsync((task, session) -> null);
            queued.cancel(true);
            running.cancel(true);

            assertThat(recorder.stopped).hasSize(2).allSatisfy(observed -> {
                assertThat(observed.getOutcome()).isEqualTo(TaskOutcome.CANCELLED);
                assertThat(observed.getError()).isNull();
            });
        });
    }

    // -- retries ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "BLOCKING", "CALLBACK"})
    void tellsOfEachRetry(Form form) {
        runner.withBean(HealthCheck.class, () -> error -> false)
                .withPropertyValues("taskmanager.defaults.max-retries=5")
                .run(context -> {
                    form.run(images(context), (task, session) -> {
                        assertThat(current()).isInstanceOf(TaskObservationContext.class);
                        if (task.attempt() < 3) {
                            throw new IOException("broken");
                        }
                        return null;
                    });

                    TaskObservationContext observed = recorder.awaitStopped();
                    assertThat(recorder.started).hasSize(1);
                    assertThat(recorder.events).containsExactly("retry", "retry");
                    assertThat(observed.getAttempts()).isEqualTo(3);
                    assertThat(observed.getError()).isNull();
                });
    }

    @Test
    void hasTheLastErrorOfATaskWhoseRetriesAreExhausted() {
        runner.withBean(HealthCheck.class, () -> error -> false)
                .withPropertyValues("taskmanager.defaults.max-retries=1")
                .run(context -> {
                    CompletableFuture<Object> failing = images(context).queueTaskAsync((task, session) -> {
                        throw new IOException("attempt " + task.attempt());
                    });

                    assertThat(catchThrowable(failing::join)).hasCauseInstanceOf(RetriesExhaustedException.class);
                    assertThat(recorder.events).containsExactly("retry");
                    assertThat(recorder.awaitStopped().getError()).hasMessage("attempt 2");
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC_ONCE", "BLOCKING_ONCE", "CALLBACK_ONCE", "RUN_TASK"})
    void tellsOfNoRetryOfATaskThatHasNone(Form form) {
        runner.withBean(HealthCheck.class, () -> error -> false).run(context -> {
            assertThat(catchThrowable(() -> form.run(images(context), (task, session) -> {
                        throw new IOException("broken");
                    })))
                    .hasRootCauseMessage("broken");

            assertThat(recorder.awaitStopped().getAttempts()).isOne();
            assertThat(recorder.events).isEmpty();
        });
    }

    // -- conventions --------------------------------------------------------------------------------------------------

    @Test
    void aConventionOfTheRegistryReplacesTheDefault() {
        observations.observationConfig().observationConvention(new GlobalConvention());
        runner.run(context -> {
            images(context).queueTaskAsync((task, session) -> null).join();

            assertThat(recorder.awaitStopped().getName()).isEqualTo("global");
        });
    }

    @Test
    void aBeanGoesBeforeAConventionOfTheRegistry() {
        observations.observationConfig().observationConvention(new GlobalConvention());
        runner.withBean(FormatConvention.class).run(context -> {
            TaskOptions options = TaskOptions.builder().tag("format", "png").build();
            images(context).submit((task, session) -> null, options).join();

            TaskObservationContext observed = recorder.awaitStopped();
            assertThat(observed.getName()).isEqualTo("taskmanager.task");
            assertThat(observed.getLowCardinalityKeyValue("format").getValue()).isEqualTo("png");
        });
    }

    private static final class GlobalConvention
            implements TaskObservationConvention, GlobalObservationConvention<TaskObservationContext> {
        @Override
        public String getName() {
            return "global";
        }
    }

    // -- callbacks ----------------------------------------------------------------------------------------------------

    @Test
    void endsAfterTheCallbackThatRunsInIt() {
        runner.run(context -> {
            CompletableFuture<Observation> inTask = new CompletableFuture<>();
            CompletableFuture<Observation> inCallback = new CompletableFuture<>();
            CountDownLatch release = new CountDownLatch(1);
            images(context)
                    .queueTaskWithCallback(
                            (task, session) -> inTask.complete(observations.getCurrentObservation()),
                            (value, error) -> {
                                inCallback.complete(observations.getCurrentObservation());
                                awaitUninterrupted(release);
                            });

            assertThat(inCallback.join()).isNotNull().isSameAs(inTask.join());
            assertThat(recorder.stopped).isEmpty();
            release.countDown();
            assertThat(recorder.awaitStopped().getOutcome()).isEqualTo(TaskOutcome.COMPLETED);
        });
    }

    @Test
    void endsThoughTheCallbackThrows() {
        runner.run(context -> {
            images(context).queueTaskWithCallback((task, session) -> null, (value, error) -> {
                throw new IllegalStateException("thrown by the callback");
            });

            assertThat(recorder.awaitStopped().getError()).isNull();
        });
    }

    @Test
    void isAroundTheCallbackOfATaskThatNeverRan() {
        runner.withPropertyValues("taskmanager.defaults.queue-timeout=20ms").run(context -> {
            TaskManager<Object, Object> images = images(context);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Object> running = occupy(images, release);
            CompletableFuture<Context> inCallback = new CompletableFuture<>();
            images.queueTaskWithCallback((task, session) -> null, (value, error) -> inCallback.complete(current()));

            assertThat(inCallback.join()).isInstanceOf(TaskObservationContext.class);
            release.countDown();
            running.join();
        });
    }

    @Test
    void aTaskThatIsRefusedIsNotObservedAndItsCallbackIsCalled() {
        runner.run(context -> {
            TaskManager<Object, Object> images = images(context);
            images.stop();
            CompletableFuture<Throwable> answer = new CompletableFuture<>();
            images.queueTaskWithCallback((task, session) -> null, (value, error) -> answer.complete(error));

            assertThat(answer.join()).isNotNull();
            assertThat(recorder.started).isEmpty();
        });
    }

    @Test
    void aHandlerThatThrowsKeepsNoCallbackFromBeingCalled() {
        observations.observationConfig().observationHandler(new ThrowingAtTheCallback());
        runner.run(context -> {
            CompletableFuture<Object> answer = new CompletableFuture<>();
            images(context).queueTaskWithCallback((task, session) -> "answer", answering(answer));

            assertThat(answer).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("answer");
        });
    }

    private static final class ThrowingAtTheCallback implements ObservationHandler<TaskObservationContext> {
        @Override
        public boolean supportsContext(Context context) {
            return context instanceof TaskObservationContext;
        }

        @Override
        public void onScopeOpened(TaskObservationContext context) {
            if (context.getOutcome() != null) {
                throw new IllegalStateException("thrown by the handler");
            }
        }
    }

    /** The callback of a task that was not decorated must not be taken for that of the next. */
    @Test
    void endsWithItsTaskThoughTheOneBeforeWasNotDecorated() {
        runner.withBean(TaskDecorator.class, FailingFirst::new).run(context -> {
            TaskManager<Object, Object> images = images(context);
            CompletableFuture<Object> first = new CompletableFuture<>();
            images.queueTaskWithCallback((task, session) -> "first", answering(first));
            assertThat(first.join()).isEqualTo("first");
            images.queueTaskAsync((task, session) -> "second").join();

            assertThat(recorder.awaitStopped().getOutcome()).isEqualTo(TaskOutcome.COMPLETED);
            assertThat(recorder.started).hasSize(1);
        });
    }

    private static final class FailingFirst implements TaskDecorator {

        private boolean hasFailed; // all tasks are submitted by the thread of the test

        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            if (!hasFailed) {
                hasFailed = true;
                throw new IllegalStateException("thrown by the decorator");
            }
            return task;
        }
    }

    private static BiConsumer<Object, Throwable> answering(CompletableFuture<Object> answer) {
        return (value, error) -> {
            if (error == null) {
                answer.complete(value);
            } else {
                answer.completeExceptionally(error);
            }
        };
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Context current() {
        Observation current = observations.getCurrentObservation();
        return current == null ? null : (Context) current.getContextView();
    }

    /** Has a worker run a task until the latch is open, whatever time others may wait. */
    private static CompletableFuture<Object> occupy(TaskManager<Object, Object> images, CountDownLatch release)
            throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CompletableFuture<Object> running = images.submit(
                (task, session) -> {
                    busy.countDown();
                    release.await();
                    return null;
                },
                TaskOptions.builder().queueTimeout(Duration.ofMinutes(1)).build());
        busy.await();
        return running;
    }

    private static TaskManager<Object, Object> images(ApplicationContext context) {
        return manager(context, "images");
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Object, Object> manager(ApplicationContext context, String name) {
        return context.getBean(name, TaskManager.class);
    }

    /** What a tracer or a meter would be told. */
    private static final class Recorder implements ObservationHandler<Context> {

        private final List<Context> started = new CopyOnWriteArrayList<>();
        private final List<KeyValues> keyValuesAtStart = new CopyOnWriteArrayList<>();
        private final List<String> events = new CopyOnWriteArrayList<>();
        private final List<TaskObservationContext> stopped = new CopyOnWriteArrayList<>();

        @Override
        public boolean supportsContext(Context context) {
            return true;
        }

        @Override
        public void onStart(Context context) {
            keyValuesAtStart.add(context.getLowCardinalityKeyValues());
            started.add(context);
        }

        @Override
        public void onEvent(Observation.Event event, Context context) {
            events.add(event.getName());
        }

        @Override
        public void onStop(Context context) {
            if (context instanceof TaskObservationContext task) {
                stopped.add(task);
            }
        }

        /** The one that has ended. Its task is answered just before, where it has a callback. */
        TaskObservationContext awaitStopped() {
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !stopped.isEmpty());
            assertThat(stopped).hasSize(1);
            return stopped.get(0);
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.springframework.test.util.ReflectionTestUtils.invokeMethod;

import io.taskmanager.ResourceFactory;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

@ExtendWith({OutputCaptureExtension.class, NoLeakedThreads.class})
class TaskManagerLifecycleTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withUserConfiguration(Factory.class)
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1", "taskmanager.managers.images.max-worker-count=1");

    private final ApplicationContextRunner two =
            runner.withPropertyValues("taskmanager.managers.catalog.worker-count=1");

    private final ApplicationContextRunner scheduled = runner.withConfiguration(
                    AutoConfigurations.of(TaskSchedulingAutoConfiguration.class))
            .withUserConfiguration(Producer.class)
            .withPropertyValues("spring.task.scheduling.shutdown.await-termination=true");

    @Test
    void drainsQueuedTasksAndLogsTheReport(CapturedOutput output) {
        runner.run(context -> {
            TaskManager<Session, Object> images = manager(context, "images");
            Factory factory = context.getBean(Factory.class);
            CountDownLatch gate = new CountDownLatch(1);
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                answers.add(images.queueTaskAsync((task, session) -> {
                    gate.await();
                    return "done";
                }));
            }
            Thread closing = new Thread(context::close);
            closing.start();
            await().until(() -> images.state() == TaskManagerState.STOPPING);
            gate.countDown();
            closing.join();

            assertThat(answers).allSatisfy(answer -> assertThat(answer).isCompletedWithValue("done"));
            assertThat(images.state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(factory.destroyed).hasValue(factory.created.get());
            assertThat(output).containsOnlyOnce("ShutdownReport[completed=5, failed=0");
        });
    }

    @Test
    void stopsAllManagersAtTheSameTime() {
        two.run(context -> {
            TaskManager<Session, Object> images = manager(context, "images");
            TaskManager<Session, Object> catalog = manager(context, "catalog");
            CompletableFuture<String> ofImages = untilStopping(images, catalog);
            CompletableFuture<String> ofCatalog = untilStopping(catalog, images);

            context.close();

            // Neither would have ended unless the other was being stopped, too.
            assertThat(ofImages).isCompletedWithValue("done");
            assertThat(ofCatalog).isCompletedWithValue("done");
        });
    }

    @Test
    void killsWhatOutlastsThePhase() {
        runner.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=500ms")
                .run(this::assertThatClosingKillsAnEndlessTask);
    }

    @Test
    void killsWhatOutlastsTheStopTimeout() {
        runner.withPropertyValues("taskmanager.defaults.stop-timeout=100ms")
                .run(this::assertThatClosingKillsAnEndlessTask);
    }

    private void assertThatClosingKillsAnEndlessTask(AssertableApplicationContext context) {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<String> answer = manager(context, "images").queueTaskAsync((task, session) -> {
            never.await();
            return "";
        });

        context.close();

        assertThat(answer).isDone();
        // Not by join(), which wraps a cancellation since Java 23.
        assertThat(answer.handle((value, error) -> error))
                .isCompletedWithValueMatching(TaskCancelledException.class::isInstance);
    }

    @Test
    void leavesAManagerAloneThatWasStoppedByItsApplication(CapturedOutput output) {
        two.run(context -> {
            manager(context, "images").stop();

            context.close();

            assertThat(output)
                    .doesNotContain("Task manager 'images'")
                    .contains("io.taskmanager.catalog", "ShutdownReport");
        });
    }

    @Test
    void createsNoLazyManager() {
        runner.withBean(
                        LazyInitializationBeanFactoryPostProcessor.class,
                        LazyInitializationBeanFactoryPostProcessor::new)
                .withPropertyValues("taskmanager.managers.images.startup-policy=lenient")
                .run(context -> {
                    Factory factory = context.getBean(Factory.class);
                    context.close();
                    assertThat(factory.created).hasValue(0);
                });
    }

    @Test
    void aManagerThatFailsToStopKeepsNoOtherFromStopping(CapturedOutput output) {
        TaskManager<?, ?> broken = mock(TaskManager.class);
        given(broken.state()).willReturn(TaskManagerState.RUNNING);
        given(broken.stop(any(Duration.class))).willThrow(new UnsupportedOperationException("broken"));
        two.withBean("imagesTaskManager", TaskManager.class, () -> broken).run(context -> {
            TaskManager<?, ?> catalog = manager(context, "catalog");
            context.close();
            assertThat(catalog.state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(output).contains("Task manager 'images' failed to stop");
        });
    }

    @Test
    void givesAManagerOfTheApplicationsOwnThePhaseLessAReserve() {
        TaskManager<?, ?> own = mock(TaskManager.class);
        given(own.state()).willReturn(TaskManagerState.RUNNING);
        given(own.stop(any(Duration.class))).willReturn(new ShutdownReport(0, 0, 0, 0, 0));
        runner.withBean("imagesTaskManager", TaskManager.class, () -> own).run(context -> {
            context.close();
            verify(own).stop(Duration.ofSeconds(28));
        });
    }

    @Test
    void stopsAfterTheWebServerAndIsNotPaused() {
        runner.run(context -> {
            TaskManagerLifecycle lifecycle = context.getBean(TaskManagerLifecycle.class);
            assertThat(lifecycle.getPhase()).isEqualTo(Integer.MAX_VALUE - 4096);
            assertThat(lifecycle.isPauseable()).isFalse();
            assertThat(lifecycle.isRunning()).isTrue();
            lifecycle.stop();
            assertThat(lifecycle.isRunning()).isFalse();
        });
    }

    @Test
    void managersWorkOnInAContextThatWasPaused() {
        runner.run(context -> {
            ConfigurableApplicationContext pausable =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            pausable.pause();
            pausable.restart();
            assertThat(manager(context, "images")
                            .queueTaskAsync((task, session) -> "done")
                            .join())
                    .isEqualTo("done");
        });
    }

    @Test
    void aContextThatIsRestartedHasWorkingManagersBehindTheSameBeans() {
        runner.withPropertyValues("taskmanager.defaults.max-retries=7").run(context -> {
            TaskManager<Session, Object> images = manager(context, "images");
            ConfigurableApplicationContext application =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            Object processor = context.getBean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME);
            List<Runnable> stops = List.of(application::stop, () -> invokeMethod(processor, "stopForRestart"));
            // The second is what Spring does before a checkpoint and after a restore.
            List<Runnable> starts = List.of(application::start, () -> invokeMethod(processor, "restartAfterStop"));
            for (int i = 0; i < 2; i++) {
                stops.get(i).run();
                assertThat(images.state()).isEqualTo(TaskManagerState.TERMINATED);
                starts.get(i).run();

                assertThat(images.state()).isEqualTo(TaskManagerState.RUNNING);
                assertThat(images.<String>queueTask((task, session) -> "done")).isEqualTo("done");
                assertThat(manager(context, "images")).isSameAs(images);
                assertThat(images.metrics().totalTasksCompleted()).isEqualTo(1);
            }
            Factory factory = context.getBean(Factory.class);
            context.close();
            assertThat(images.state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(factory.destroyed).hasValue(factory.created.get());
        });
    }

    @Test
    void oneThatItsApplicationHadStoppedIsNotStartedAgain() {
        two.run(context -> {
            manager(context, "images").stop();
            ConfigurableApplicationContext application =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            application.stop();
            application.start();

            assertThat(manager(context, "images").state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(manager(context, "catalog").state()).isEqualTo(TaskManagerState.RUNNING);
        });
    }

    @Test
    void aStoppedManagerOfTheApplicationsOwnKeepsTheContextFromStarting() {
        runner.withBean(
                        "catalog",
                        TaskManager.class,
                        () -> TaskManagers.create(TaskManagerConfig.builder(Session.factory())
                                .name("catalog")
                                .workerCount(1)
                                .build()))
                .run(context -> {
                    ConfigurableApplicationContext application =
                            context.getSourceApplicationContext(ConfigurableApplicationContext.class);
                    application.stop();
                    assertThatThrownBy(application::start)
                            .rootCause()
                            .hasMessageContaining("The task managers [catalog] were stopped");
                });
    }

    /** As the page of the configuration tells of {@code @Scheduled} methods. */
    @Test
    void aScheduledMethodThatOutlastsTheManagersIsRefusedThere() {
        scheduled.run(context -> {
            TaskManager<Session, Object> images = manager(context, "images");
            Producer producer = context.getBean(Producer.class);
            producer.running.await();
            Thread closing = new Thread(context::close);
            closing.start();
            await().until(() -> images.state() == TaskManagerState.TERMINATED);
            producer.mayQueue.countDown();
            closing.join();

            assertThat(producer.answer)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(TaskRejectedException.class);
        });
    }

    @Test
    void inALowerPhaseTheManagersOutlastScheduledMethods() {
        scheduled
                .withPropertyValues(
                        "taskmanager.lifecycle-phase=1000000000",
                        "spring.task.scheduling.shutdown.await-termination=false")
                .withBean(ClosedLatch.class)
                .run(context -> {
                    Producer producer = context.getBean(Producer.class);
                    ClosedLatch closed = context.getBean(ClosedLatch.class);
                    producer.running.await();
                    Thread closing = new Thread(context::close);
                    closing.start();
                    closed.latch.await();
                    producer.mayQueue.countDown();
                    closing.join();

                    assertThat(producer.answer).isCompletedWithValue("done");
                });
    }

    @Test
    void aContextThatIsRefreshedHasNewManagers() {
        try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
            context.setEnvironment(new StandardEnvironment());
            TestPropertyValues.of("taskmanager.managers.images.worker-count=1").applyTo(context.getEnvironment());
            context.register(Factory.class, TaskManagerAutoConfiguration.class);
            context.refresh();
            TaskManager<?, ?> old = context.getBean(TaskManager.class);
            context.refresh();
            assertThat(old.state()).isEqualTo(TaskManagerState.TERMINATED);
            TaskManager<?, ?> fresh = context.getBean(TaskManager.class);
            assertThat(fresh.queueTaskAsync((task, session) -> null).join()).isNull();
        }
    }

    private static CompletableFuture<String> untilStopping(
            TaskManager<Session, Object> manager, TaskManager<Session, Object> other) {
        return manager.queueTaskAsync((task, session) -> {
            await().until(() -> other.state() != TaskManagerState.RUNNING);
            return "done";
        });
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Session, Object> manager(AssertableApplicationContext context, String name) {
        return (TaskManager<Session, Object>) context.getBean(name);
    }

    @Configuration(proxyBeanMethods = false)
    static class Factory {
        final AtomicInteger created = new AtomicInteger();
        final AtomicInteger destroyed = new AtomicInteger();

        @Bean
        ResourceFactory<Session> sessions() {
            return ResourceFactory.of(
                    () -> {
                        created.incrementAndGet();
                        return new Session();
                    },
                    session -> destroyed.incrementAndGet());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Producer {
        final CountDownLatch running = new CountDownLatch(1);
        final CountDownLatch mayQueue = new CountDownLatch(1);
        final CompletableFuture<String> answer = new CompletableFuture<>();
        private final ObjectProvider<TaskManager<Session, Object>> images;

        Producer(ObjectProvider<TaskManager<Session, Object>> images) {
            this.images = images;
        }

        @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
        void produce() {
            TaskManager<Session, Object> manager = images.getObject();
            running.countDown();
            try {
                mayQueue.await();
                answer.complete(manager.<String>queueTask((task, session) -> "done"));
            } catch (InterruptedException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    static class ClosedLatch {
        final CountDownLatch latch = new CountDownLatch(1);

        @EventListener(ContextClosedEvent.class)
        void closed() {
            latch.countDown();
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskManagerState;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** The managers that wait for their first resource when the application starts wait for it at the same time. */
@ExtendWith(NoLeakedThreads.class)
class StartTogetherTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withPropertyValues("taskmanager.defaults.worker-count=1", "taskmanager.defaults.creation-timeout=10s");

    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger destroyed = new AtomicInteger();

    @Test
    void beginTheirFirstCreationsTogether() {
        CyclicBarrier allHaveBegun = new CyclicBarrier(3);
        ResourceFactory<Session> waiting = counting(allHaveBegun::await);

        with(waiting, "images", "catalog", "ledger").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(TaskManagerRegistry.class).all().values())
                    .extracting(TaskManager::state)
                    .containsOnly(TaskManagerState.RUNNING);
        });
    }

    @Test
    void whereOneFailsTheOthersAreClosed() {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch isThere = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        with(
                        counting(() -> {
                            hangs.await();
                            isThere.await();
                            throw new IllegalStateException("no server");
                        }),
                        "images")
                .withBean(
                        "catalogResourceFactory",
                        ResourceFactory.class,
                        () -> counting(() -> {
                            hangs.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.set(true);
                                throw e;
                            }
                        }))
                .withBean("ledgerResourceFactory", ResourceFactory.class, () -> counting(() -> {}))
                .withBean("ledgerTaskManagerListener", TaskManagerListener.class, () -> new TaskManagerListener() {
                    @Override
                    public void event(TaskManagerEvent event) {
                        isThere.countDown();
                    }
                })
                .withPropertyValues(
                        "taskmanager.managers.catalog.max-retries=0", "taskmanager.managers.ledger.max-retries=0")
                .run(context -> {
                    assertThat(analyze(context).getDescription())
                            .contains("manager \"images\" did not start", "IllegalStateException: no server");
                    assertThat(interrupted).isTrue();
                    assertThat(created).hasValue(1);
                    assertThat(destroyed).hasValue(1);
                });
    }

    @Test
    void whoeverUsesOneBeforeThatWaitsForIt() {
        AtomicReference<Thread> user = new AtomicReference<>();
        with(counting(() -> awaitWaiting(user)), "images")
                .withBean(User.class, user)
                .run(context -> assertThat(context.getBean(User.class).answer).isEqualTo("done"));
    }

    @Test
    void whoeverUsesOneThatFailsIsToldWhy() {
        AtomicReference<Thread> user = new AtomicReference<>();
        with(
                        counting(() -> {
                            awaitWaiting(user);
                            throw new IllegalStateException("no server");
                        }),
                        "images")
                .withBean(User.class, user)
                .run(context -> assertThat(analyze(context).getDescription())
                        .contains("manager \"images\" did not start", "IllegalStateException: no server"));
    }

    @Test
    void aBeanThatFailsMeanwhileEndsTheCreation() {
        CountDownLatch hasBegun = new CountDownLatch(1);
        with(
                        counting(() -> {
                            hasBegun.countDown();
                            new CountDownLatch(1).await();
                        }),
                        "images")
                .withPropertyValues("taskmanager.managers.images.creation-timeout=100ms") // is waited out
                .withBean(
                        "broken",
                        Object.class,
                        () -> {
                            awaitOpen(hasBegun);
                            throw new IllegalStateException("broken");
                        },
                        definition -> definition.setDependsOn("imagesTaskManager"))
                .run(context -> assertThat(context.getStartupFailure()).hasRootCauseMessage("broken"));
    }

    @Test
    void aListenerOfThatTimeMayUseItAndKeepsNobodyWaiting() {
        CountDownLatch isBean = new CountDownLatch(1);
        CompletableFuture<Object> answer = new CompletableFuture<>();
        with(counting(isBean::await), "images")
                .withBean(Listener.class, answer, new CountDownLatch(1))
                .withBean(
                        "later",
                        Object.class,
                        () -> {
                            isBean.countDown();
                            return new Object();
                        },
                        definition -> definition.setDependsOn("imagesTaskManager"))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(answer.join()).isEqualTo("done");
                });
    }

    /** The listener has handed in a task without waiting, as it must; nobody else is to take that for a start. */
    @Test
    void whoeverUsesOneAfterAListenerHasIsToldWhy() {
        CountDownLatch isBean = new CountDownLatch(1);
        CountDownLatch isUsed = new CountDownLatch(1);
        with(
                        counting(() -> {
                            isBean.await();
                            throw new IllegalStateException("no server");
                        }),
                        "images")
                .withBean(Listener.class, new CompletableFuture<>(), isUsed)
                .withBean(LateUser.class, isBean, isUsed)
                .run(context -> assertThat(analyze(context).getDescription())
                        .contains("manager \"images\" did not start", "IllegalStateException: no server"));
    }

    @Test
    void oneThatIsNeededLaterIsWaitedForThen() {
        with(
                        counting(() -> {
                            throw new IllegalStateException("no server");
                        }),
                        "images")
                .withBean(
                        LazyInitializationBeanFactoryPostProcessor.class,
                        LazyInitializationBeanFactoryPostProcessor::new)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThatThrownBy(() -> context.getBean("images"))
                            .hasCauseInstanceOf(ResourceCreationException.class)
                            .hasMessageContaining("imagesTaskManager");
                });
    }

    @Test
    void beginTogetherWhenTheContextIsRestarted() {
        CyclicBarrier bothHaveBegun = new CyclicBarrier(2);
        with(counting(bothHaveBegun::await), "images", "catalog").run(context -> {
            ConfigurableApplicationContext application =
                    context.getSourceApplicationContext(ConfigurableApplicationContext.class);
            application.stop();
            application.start();

            assertThat(created).hasValue(4);
            assertThat(context.getBean(TaskManagerRegistry.class).all().values())
                    .extracting(TaskManager::state)
                    .containsOnly(TaskManagerState.RUNNING);
        });
    }

    @Test
    void aRestartThatFailsLeavesNoneRunningAndCanBeTriedAgain() {
        AtomicBoolean broken = new AtomicBoolean();
        with(counting(() -> {}), "catalog")
                .withBean(
                        "imagesResourceFactory",
                        ResourceFactory.class,
                        () -> counting(() -> {
                            if (broken.get()) {
                                throw new IllegalStateException("no server");
                            }
                        }))
                .withPropertyValues("taskmanager.managers.images.max-retries=0")
                .run(context -> {
                    ConfigurableApplicationContext application =
                            context.getSourceApplicationContext(ConfigurableApplicationContext.class);
                    application.stop();
                    broken.set(true);
                    assertThatThrownBy(application::start).hasStackTraceContaining("no server");
                    TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                    assertThat(managers.all().values())
                            .extracting(TaskManager::state)
                            .containsOnly(TaskManagerState.TERMINATED);
                    assertThat(destroyed).hasValue(created.get());

                    broken.set(false);
                    application.start();
                    assertThat(managers.all().values())
                            .extracting(TaskManager::state)
                            .containsOnly(TaskManagerState.RUNNING);
                });
    }

    /** Managers of these names, each with that factory, as a bean of its own. */
    private ApplicationContextRunner with(ResourceFactory<Session> factory, String... managers) {
        ApplicationContextRunner with = runner;
        for (String manager : managers) {
            with = with.withBean(manager + "ResourceFactory", ResourceFactory.class, () -> factory)
                    .withPropertyValues("taskmanager.managers." + manager + ".max-retries=0");
        }
        return with;
    }

    private ResourceFactory<Session> counting(Step beforeCreation) {
        return ResourceFactory.of(
                () -> {
                    beforeCreation.run();
                    created.incrementAndGet();
                    return new Session();
                },
                session -> destroyed.incrementAndGet());
    }

    private static void awaitWaiting(AtomicReference<Thread> user) {
        await().until(() -> user.get() != null && user.get().getState() == Thread.State.WAITING);
    }

    private static void awaitOpen(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }

    private static FailureAnalysis analyze(AssertableApplicationContext context) {
        Throwable failure = Objects.requireNonNull(context.getStartupFailure(), "started");
        return Objects.requireNonNull(new ResourceCreationFailureAnalyzer().analyze(failure));
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** Uses the manager when it is made itself. */
    static class User {
        final String answer;

        User(TaskManager<Session, Object> images, AtomicReference<Thread> user) throws InterruptedException {
            user.set(Thread.currentThread());
            answer = images.queueTask((context, session) -> "done");
        }
    }

    /** Hands in a task as soon as it is told of anything. */
    record Listener(
            CompletableFuture<Object> answer,
            CountDownLatch isUsed,
            ObjectProvider<TaskManager<Session, Object>> images)
            implements TaskManagerListener {
        @Override
        public void event(TaskManagerEvent event) {
            images.getObject()
                    .queueTaskAsync((context, session) -> "done")
                    .whenComplete((done, error) -> answer.complete(done));
            isUsed.countDown();
        }
    }

    /** Uses the manager when a listener has. */
    static class LateUser {
        LateUser(TaskManager<Session, Object> images, CountDownLatch isBean, CountDownLatch isUsed)
                throws InterruptedException {
            isBean.countDown();
            awaitOpen(isUsed);
            Object unused = images.queueTask((context, session) -> "done");
        }
    }
}

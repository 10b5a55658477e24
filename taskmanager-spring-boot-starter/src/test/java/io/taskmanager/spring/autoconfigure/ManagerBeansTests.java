package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.mockito.Mockito.mock;

import io.taskmanager.HealthCheck;
import io.taskmanager.MetricsCollector;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.ScalingPolicy;
import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.annotation.Order;

/** Beans of the application that a manager uses: the one named after it, else the one for all. */
@ExtendWith(NoLeakedThreads.class)
class ManagerBeansTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withBean("sessions", ResourceFactory.class, Session::factory)
            .withPropertyValues(
                    "taskmanager.managers.images.worker-count=1", "taskmanager.managers.catalog.worker-count=1");

    private final Queue<String> told = new ConcurrentLinkedQueue<>();

    static Stream<Arguments> parts() {
        return Stream.of(
                part(HealthCheck.class, TaskManagerConfig::healthCheck),
                part(
                        ResourceHealthCheck.class,
                        config -> config.resourceHealthCheck().orElse(null)),
                part(RetryPolicy.class, config -> config.retryPolicy().orElse(null)),
                part(MetricsCollector.class, config -> config.collector().orElse(null)),
                part(ScalingPolicy.class, config -> config.scalingPolicy().orElse(null)));
    }

    private static <T> Arguments part(Class<T> type, Function<TaskManagerConfig<?>, T> setting) {
        return Arguments.of(type, setting);
    }

    @ParameterizedTest
    @MethodSource("parts")
    <T> void theOneNamedAfterTheManagerWins(Class<T> type, Function<TaskManagerConfig<?>, T> setting) {
        T own = mock(type);
        T shared = mock(type);
        runner.withBean("images" + type.getSimpleName(), type, () -> own)
                .withBean("shared", type, () -> shared)
                .run(context -> {
                    TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                    assertThat(setting.apply(managers.config("images").orElseThrow()))
                            .isSameAs(own);
                    assertThat(setting.apply(managers.config("catalog").orElseThrow()))
                            .isSameAs(shared);
                });
    }

    @ParameterizedTest
    @MethodSource("parts")
    <T> void ofSeveralForAllThePrimaryOneIsTaken(Class<T> type, Function<TaskManagerConfig<?>, T> setting) {
        T one = mock(type);
        T other = mock(type);
        runner.withBean("one", type, () -> one)
                .withBean("other", type, () -> other, definition -> definition.setPrimary(true))
                .run(context -> assertThat(setting.apply(context.getBean(TaskManagerRegistry.class)
                                .config("images")
                                .orElseThrow()))
                        .isSameAs(other));
    }

    @ParameterizedTest
    @MethodSource("parts")
    <T> void ofSeveralForAllNoneIsGuessed(Class<T> type, Function<TaskManagerConfig<?>, T> setting) {
        runner.withBean("one", type, () -> mock(type))
                .withBean("other", type, () -> mock(type))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(TaskManagerConfigurationException.class)
                        .hasMessageContaining("2 beans of type " + type.getSimpleName())
                        .hasMessageContaining("[one, other]"));
    }

    @Test
    void aRetryPolicyIsAskedWhetherToTryAgain() {
        runner.withPropertyValues("taskmanager.defaults.retry-backoff.initial=0s")
                .withBean("once", RetryPolicy.class, () -> (error, attempt) -> attempt == 1)
                .run(context -> assertThat(typed(context.getBean(TaskManagerRegistry.class), "images")
                                .<Integer>queueTask((task, session) -> {
                                    if (task.attempt() == 1) {
                                        throw new IllegalStateException("of the first attempt");
                                    }
                                    return task.attempt();
                                }))
                        .isEqualTo(2));
    }

    @Test
    void listenersForAllAndTheManagersOwnAreTold() {
        runner.withBean("forAll", TaskManagerListener.class, () -> listener("all"))
                .withBean("imagesTaskManagerListener", TaskManagerListener.class, () -> listener("own"))
                .run(context -> {
                    TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                    run(managers, "images");
                    run(managers, "catalog");
                    assertThat(told).containsExactlyInAnyOrder("all:images", "own:images", "all:catalog");
                });
    }

    @Test
    void decoratorsWrapInTheirOrderTheFirstOutermost() {
        runner.withBean("second", TaskDecorator.class, () -> new Second(told))
                .withBean("imagesTaskDecorator", TaskDecorator.class, () -> new First(told))
                .run(context -> {
                    TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                    run(managers, "images");
                    assertThat(told).containsExactly("first", "second");
                    told.clear();
                    run(managers, "catalog");
                    assertThat(told).containsExactly("second");
                });
    }

    @Test
    void eventsArePublishedToTheApplication() {
        Queue<TaskManagerEvent> published = new ConcurrentLinkedQueue<>();
        ApplicationListener<PayloadApplicationEvent<TaskManagerEvent>> onEvent =
                ApplicationListener.forPayload(published::add);
        runner.withInitializer(context -> context.addApplicationListener(onEvent))
                .run(context -> {
                    context.getBean(TaskManagerRegistry.class)
                            .get("images")
                            .control()
                            .pause();
                    assertThat(published)
                            .extracting(TaskManagerEvent::managerName, TaskManagerEvent::type)
                            .contains(
                                    tuple("images", TaskManagerEvent.Type.PAUSED),
                                    tuple("catalog", TaskManagerEvent.Type.RESOURCE_CREATED));
                });
        assertThat(published)
                .filteredOn(event -> event.type() == TaskManagerEvent.Type.RESOURCE_DESTROYED)
                .extracting(TaskManagerEvent::managerName)
                .containsExactlyInAnyOrder("images", "catalog");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void workersAreVirtualThreadsIfTheApplicationAsksForThem() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true").run(context -> {
            Thread worker = (Thread) typed(context.getBean(TaskManagerRegistry.class), "images")
                    .queueTaskAsync((task, session) -> Thread.currentThread())
                    .join();
            assertThat(Thread.class.getMethod("isVirtual").invoke(worker)).isEqualTo(true);
            assertThat(worker.getName()).startsWith("images-worker-");
        });
    }

    @Test
    void workersAreElsePlatformThreads() {
        runner.run(context -> {
            Thread worker = (Thread) typed(context.getBean(TaskManagerRegistry.class), "images")
                    .queueTaskAsync((task, session) -> Thread.currentThread())
                    .join();
            assertThat(worker.getName()).isEqualTo("images-worker-1");
            assertThat(worker.isDaemon()).isFalse();
        });
    }

    @Test
    void askingForVirtualThreadsIsNoErrorWhereJavaHasNone() {
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .run(context -> run(context.getBean(TaskManagerRegistry.class), "images"));
    }

    private static void run(TaskManagerRegistry managers, String name) {
        typed(managers, name).queueTaskAsync((context, session) -> null).join();
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Object, Object> typed(TaskManagerRegistry managers, String name) {
        return (TaskManager<Object, Object>) managers.get(name);
    }

    private TaskManagerListener listener(String name) {
        return new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                told.add(name + ":" + event.managerName());
            }
        };
    }

    /** Notes each run. */
    private abstract static class Noting implements TaskDecorator {
        private final String name;
        private final Queue<String> told;

        Noting(String name, Queue<String> told) {
            this.name = name;
            this.told = told;
        }

        @Override
        public <R, T> Task<R, T> decorate(Task<R, T> task) {
            return (context, resource) -> {
                told.add(name);
                return task.execute(context, resource);
            };
        }
    }

    @Order(1)
    private static final class First extends Noting {
        First(Queue<String> told) {
            super("first", told);
        }
    }

    @Order(2)
    private static final class Second extends Noting {
        Second(Queue<String> told) {
            super("second", told);
        }
    }
}

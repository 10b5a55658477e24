package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.micrometer.TaskManagerMeters;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerMetricsAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class, TaskManagerMetricsAutoConfiguration.class))
            .withUserConfiguration(Factory.class)
            .withPropertyValues("taskmanager.managers.images.worker-count=3");

    private final ApplicationContextRunner withMetrics = runner.withConfiguration(AutoConfigurations.of(
            MetricsAutoConfiguration.class,
            SimpleMetricsExportAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class));

    @Test
    void bindsTheMetersOfEachManager() {
        withMetrics.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("taskmanager.workers")
                            .tags("name", "images", "kind", "base")
                            .gauge()
                            .value())
                    .isEqualTo(3);
        });
    }

    @Test
    void timesTasks() {
        withMetrics.run(context -> {
            TaskManager<Session, Object> images = images(context.getBean(TaskManagerRegistry.class));
            images.<String>queueTask((task, session) -> "");
            images.<String>queueTaskWithPriority((task, session) -> "");
            images.<String>runTask((task, session) -> "");

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("taskmanager.tasks.execution")
                            .tags("name", "images", "outcome", "completed")
                            .functionTimer()
                            .count())
                    .isEqualTo(3);
            for (String lane : new String[] {"main", "priority", "direct"}) {
                assertThat(meters.get("taskmanager.tasks.wait")
                                .tags("name", "images", "lane", lane)
                                .functionTimer()
                                .count())
                        .as(lane)
                        .isEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(meters.get("taskmanager.tasks.completed")
                            .functionCounter()
                            .count())
                    .isEqualTo(3));
        });
    }

    /** No event is made of a task that nobody listens to: the meters read what the manager has recorded. */
    @Test
    void listensToNoTaskUnlessAPropertyAsksForMore() {
        withMetrics.run(context -> {
            images(context);
            assertThat(context.getBean(TaskManagerMeters.class).listensToFinishedTasks())
                    .isFalse();
        });
        withMetrics
                .withPropertyValues("management.metrics.distribution.percentiles.taskmanager.tasks.wait=0.5")
                .run(context -> {
                    images(context);
                    assertThat(context.getBean(TaskManagerMeters.class).listensToFinishedTasks())
                            .isTrue();
                });
    }

    @Test
    void bucketsCanBeChosenByProperty() {
        withMetrics
                .withPropertyValues("management.metrics.distribution.slo.taskmanager.tasks.execution=20ms,1m")
                .run(context -> {
                    images(context).<String>queueTask((task, session) -> "");
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("taskmanager.tasks.execution")
                                    .tag("outcome", "completed")
                                    .timer()
                                    .takeSnapshot()
                                    .histogramCounts())
                            .hasSize(2);
                });
    }

    @Test
    void isNotThereWithoutAnyManager() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        TaskManagerAutoConfiguration.class, TaskManagerMetricsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskManagerMeters.class));
    }

    @Test
    void isNotThereWithoutARegistry() {
        runner.run(context -> assertThat(context)
                .hasNotFailed()
                .hasSingleBean(TaskManager.class)
                .doesNotHaveBean(TaskManagerMeters.class));
    }

    @Test
    void isNotThereWithoutMicrometer() {
        runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TaskManager.class)
                        .doesNotHaveBean(TaskManagerMeters.class));
    }

    @Test
    void backsOff() {
        withMetrics.withUserConfiguration(Own.class).run(context -> {
            assertThat(context)
                    .hasNotFailed()
                    .getBeanNames(TaskManagerMeters.class)
                    .containsExactly("ownMeters");
            images(context).<String>queueTask((task, session) -> "");
            assertThat(Own.REGISTRY
                            .get("taskmanager.tasks.execution")
                            .tag("outcome", "completed")
                            .functionTimer()
                            .count())
                    .isEqualTo(1);
            assertThat(ours(context.getBean(MeterRegistry.class))).isEmpty();
        });
        assertThat(ours(Own.REGISTRY)).isEmpty();
    }

    @Test
    void hasNoMetersWhenTheyAreDisabled() {
        withMetrics
                .withPropertyValues("management.metrics.enable.taskmanager=false")
                .run(context -> {
                    assertThat(images(context).<String>queueTask((task, session) -> "done"))
                            .isEqualTo("done");
                    assertThat(context.getBean(MeterRegistry.class).getMeters()).isEmpty();
                });
    }

    @Test
    void countsResourcesByTheCauseOfTheirEnd() {
        withMetrics.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            await().until(() -> count(meters, "taskmanager.resources.creations") == 3);
            assertThat(count(meters, "taskmanager.resources.destructions", "cause", "shutdown"))
                    .isZero();

            ShutdownReport unused = images(context).stop();

            assertThat(count(meters, "taskmanager.resources.destructions", "cause", "shutdown"))
                    .isEqualTo(3);
        });
    }

    @Test
    void countsRefusedTasksByReasonAndAsManyAsTheManagerDoes() {
        withMetrics.run(context -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            ShutdownReport unused = images(context).stop();
            assertThatThrownBy(() -> images(context).<String>queueTask((task, session) -> ""))
                    .isInstanceOf(TaskRejectedException.class);

            assertThat(count(meters, "taskmanager.tasks.rejected", "reason", "shutting_down"))
                    .isEqualTo(1);
            assertThat(images(context).metrics().totalTasksRejected()).isEqualTo(1);
        });
    }

    @Test
    void countsResourcesThatCouldNotBeCreated() {
        withMetrics
                .withUserConfiguration(BrokenFactory.class)
                .withPropertyValues(
                        "taskmanager.managers.images.resource-factory=broken",
                        "taskmanager.managers.images.startup-policy=lenient")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    await().until(() -> count(meters, "taskmanager.resources.creation.failures") > 0);
                    assertThat(count(meters, "taskmanager.resources.creations")).isZero();
                });
    }

    @Test
    void countsStuckTasks() {
        withMetrics
                .withPropertyValues("taskmanager.managers.images.stuck-task-grace=1ms")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    CountDownLatch started = new CountDownLatch(1);
                    CountDownLatch gate = new CountDownLatch(1);
                    CompletableFuture<String> answer = images(context).queueTaskAsync((task, session) -> {
                        started.countDown();
                        awaitUninterruptibly(gate);
                        return "";
                    });
                    started.await();
                    answer.cancel(true);

                    await().until(() -> count(meters, "taskmanager.tasks.stuck") == 1);
                    gate.countDown();
                });
    }

    @Test
    void removesItsMetersFromAParentsRegistryAndCountsAnewNextTime() {
        new ApplicationContextRunner().withBean(SimpleMeterRegistry.class).run(parent -> {
            MeterRegistry meters = parent.getBean(MeterRegistry.class);
            for (int time = 1; time <= 2; time++) {
                runner.withParent(parent).run(child -> {
                    images(child).<String>queueTask((task, session) -> "");
                    assertThat(meters.get("taskmanager.tasks.execution")
                                    .tags("name", "images", "outcome", "completed")
                                    .functionTimer()
                                    .count())
                            .isEqualTo(1);
                    await().until(() -> count(meters, "taskmanager.resources.creations") == 3);
                });
                assertThat(meters.getMeters()).as("after time " + time).isEmpty();
            }
        });
    }

    @Test
    void removesItsMetersFromTheGlobalRegistry() {
        SimpleMeterRegistry shared = new SimpleMeterRegistry();
        Metrics.addRegistry(shared);
        try {
            runner.withBean(MeterRegistry.class, () -> Metrics.globalRegistry)
                    .run(context -> assertThat(ours(shared)).isNotEmpty());
            assertThat(ours(shared)).isEmpty();
            assertThat(ours(Metrics.globalRegistry)).isEmpty();
        } finally {
            Metrics.removeRegistry(shared);
        }
    }

    @Test
    void removesTheMetersOfADestroyedManagerAndBringsThemBackWithIt() {
        withMetrics
                .withPropertyValues("taskmanager.managers.photo-catalog.worker-count=1")
                .run(context -> {
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
                    await().until(() -> count(meters, "taskmanager.resources.creations", "name", "photo-catalog") == 1);

                    beans.destroySingleton("photoCatalogTaskManager");

                    assertThat(ours(meters)).isNotEmpty().allMatch(id -> "images".equals(id.getTag("name")));

                    beans.getBean("photo-catalog");

                    await().until(() -> count(meters, "taskmanager.resources.creations", "name", "photo-catalog") == 1);
                    assertThat(meters.get("taskmanager.workers")
                                    .tags("name", "photo-catalog", "kind", "base")
                                    .gauge()
                                    .value())
                            .isEqualTo(1);
                });
    }

    private static double count(MeterRegistry meters, String meter, String... tags) {
        return meters.get(meter).tags(tags).counter().count();
    }

    private static List<Meter.Id> ours(MeterRegistry meters) {
        return meters.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("taskmanager"))
                .toList();
    }

    private static void awaitUninterruptibly(CountDownLatch gate) {
        while (true) {
            try {
                gate.await();
                return;
            } catch (InterruptedException ignored) {
                // It is stuck.
            }
        }
    }

    private static TaskManager<Session, Object> images(ApplicationContext context) {
        return images(context.getBean(TaskManagerRegistry.class));
    }

    @SuppressWarnings("unchecked")
    private static TaskManager<Session, Object> images(TaskManagerRegistry registry) {
        return (TaskManager<Session, Object>) registry.get("images");
    }

    @Configuration(proxyBeanMethods = false)
    static class Factory {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Own {

        static final SimpleMeterRegistry REGISTRY = new SimpleMeterRegistry();

        @Bean
        TaskManagerMeters ownMeters(TaskManagerRegistry managers) {
            return new TaskManagerMeters(REGISTRY, managers);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BrokenFactory {
        @Bean
        ResourceFactory<Session> broken() {
            return ResourceFactory.of(
                    () -> {
                        throw new IllegalStateException("broken");
                    },
                    session -> {});
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskManagerState;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.Slf4jLogger;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.TaskManagerFactory;
import io.taskmanager.spring.TaskManagerRegistry;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerAutoConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class));

    private final ApplicationContextRunner images = runner.withUserConfiguration(Factory.class)
            .withPropertyValues("taskmanager.managers.images.worker-count=1");

    @Test
    void startsWithoutAnyManager() {
        runner.run(context -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(TaskManager.class);
            assertThat(context.getBean(TaskManagerRegistry.class).all()).isEmpty();
        });
    }

    @Test
    void makesABeanOfEachManager() {
        images.withPropertyValues("taskmanager.managers.catalog.worker-count=2").run(context -> {
            assertThat(context.getBeanNamesForType(TaskManager.class))
                    .containsExactlyInAnyOrder("imagesTaskManager", "catalogTaskManager");
            assertThat(context.getBean("images")).isSameAs(context.getBean("imagesTaskManager"));
            assertThat(manager(context.getBean("images")).name()).isEqualTo("images");
            assertThat(manager(context.getBean("catalog")).stats().baseWorkers())
                    .isEqualTo(2);
        });
    }

    /** What is read before there are beans is next to nothing; binding all twice would slow the start. */
    @Test
    void bindsThePropertiesOnce() {
        Queue<ConfigurationPropertyName> bound = new ConcurrentLinkedQueue<>();
        ConfigurationPropertiesBindHandlerAdvisor advisor = handler -> new AbstractBindHandler(handler) {
            @Override
            public Object onSuccess(
                    ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
                bound.add(name);
                return super.onSuccess(name, target, context, result);
            }
        };
        images.withBean(ConfigurationPropertiesBindHandlerAdvisor.class, () -> advisor)
                .run(context -> assertThat(bound)
                        .containsOnlyOnce(ConfigurationPropertyName.of("taskmanager.managers.images.worker-count")));
    }

    @Test
    void aManagerWithoutSettingsHasThemFromTheDefaults() {
        runner.withUserConfiguration(Factory.class)
                .withPropertyValues("taskmanager.managers.archive=", "taskmanager.defaults.worker-count=3")
                .run(context -> assertThat(
                                manager(context.getBean("archive")).stats().baseWorkers())
                        .isEqualTo(3));
    }

    @Test
    void runsTasksOnTheFactorysResources() {
        images.run(context -> {
            TaskManager<?, ?> images = manager(context.getBean("images"));
            assertThat(images.state()).isEqualTo(TaskManagerState.RUNNING);
            assertThat(run(context.getBean(TaskManagerRegistry.class).get("images")))
                    .isInstanceOf(Session.class);
        });
    }

    @Test
    void aNameWithDashesIsAnAliasOfACamelCaseBean() {
        runner.withUserConfiguration(Factory.class)
                .withPropertyValues("taskmanager.managers.photo-images.worker-count=1")
                .run(context -> {
                    assertThat(context.getBeanNamesForType(TaskManager.class))
                            .containsExactly("photoImagesTaskManager");
                    assertThat(context.getAliases("photoImagesTaskManager"))
                            .containsExactlyInAnyOrder("photo-images", "photoImages");
                    assertThat(context.getBean(TaskManagerRegistry.class).names())
                            .containsExactly("photo-images");
                });
    }

    @Test
    void leavesTheAliasToAFactoryOfThatName() {
        runner.withBean("images", ResourceFactory.class, Session::factory)
                .withBean("unrelated", ResourceFactory.class, Session::factory)
                .withPropertyValues("taskmanager.managers.images.worker-count=1")
                .run(context -> {
                    assertThat(context.getBean("images")).isInstanceOf(ResourceFactory.class);
                    assertThat(context.getAliases("imagesTaskManager")).isEmpty();
                });
    }

    @Test
    void prefersTheFactoryThatThePropertyNames() {
        runner.withBean("images", ResourceFactory.class, Session::factory)
                .withUserConfiguration(Factory.class)
                .withPropertyValues(
                        "taskmanager.managers.images.worker-count=1",
                        "taskmanager.managers.images.resource-factory=sessions")
                .run(context -> assertThat(config(context.getBean(TaskManagerRegistry.class))
                                .resourceFactory())
                        .isSameAs(context.getBean("sessions")));
    }

    @Test
    void aFactoryBeanCreatesTheManagers() {
        images.withBean(TaskManagerFactory.class, () -> TaskManagers::createSynchronous)
                .run(context -> {
                    TaskManager<?, ?> manager =
                            context.getBean(TaskManagerRegistry.class).get("images");
                    assertThat(manager.queueTaskAsync((task, session) -> null)).isCompleted();
                    assertThat(manager.control().workers()).isEmpty();
                });
    }

    @Test
    void anApplicationsOwnManagerWins() {
        TaskManager<?, ?> own = mock(TaskManager.class);
        images.withBean("imagesTaskManager", TaskManager.class, () -> own).run(context -> {
            assertThat(context).hasSingleBean(TaskManager.class);
            assertThat(context.getBean(TaskManager.class)).isSameAs(own);
            TaskManagerRegistry registry = context.getBean(TaskManagerRegistry.class);
            assertThat(registry.get("images")).isSameAs(own);
            assertThat(registry.config("images")).isEmpty();
        });
    }

    @Test
    void mergesTheDefaultsUnderEachManager() {
        images.withPropertyValues(
                        "taskmanager.defaults.max-retries=2",
                        "taskmanager.defaults.retry-backoff.initial=1s",
                        "taskmanager.managers.images.retry-backoff.multiplier=4")
                .run(context -> {
                    TaskManagerConfig<?> config = config(context.getBean(TaskManagerRegistry.class));
                    assertThat(config.maxRetries()).isEqualTo(2);
                    assertThat(config.retryBackoff().initial()).isEqualTo(Duration.ofSeconds(1));
                    assertThat(config.retryBackoff().multiplier()).isEqualTo(4);
                    assertThat(config.logger().orElseThrow()).isInstanceOf(Slf4jLogger.class);
                });
    }

    @Test
    void customizersGoInOrderAndCanNotRename() {
        images.withUserConfiguration(Customizers.class).run(context -> {
            TaskManagerConfig<?> config = config(context.getBean(TaskManagerRegistry.class));
            assertThat(config.maxRetries()).isEqualTo(9);
            assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(config.name()).isEqualTo("images");
        });
    }

    @Test
    void takesTheHealthCheckNamedAfterTheManagerElseTheOnlyOneThatIsNobodyElses() {
        HealthCheck ofImages = error -> false;
        HealthCheck ofCatalog = error -> false;
        HealthCheck shared = error -> false;
        ApplicationContextRunner both = images.withPropertyValues("taskmanager.managers.catalog.worker-count=1")
                .withBean("catalogHealthCheck", HealthCheck.class, () -> ofCatalog);

        both.run(context -> {
            TaskManagerRegistry registry = context.getBean(TaskManagerRegistry.class);
            assertThat(config(registry).healthCheck()).isNotSameAs(ofCatalog);
            assertThat(registry.config("catalog").orElseThrow().healthCheck()).isSameAs(ofCatalog);
        });
        both.withBean("shared", HealthCheck.class, () -> shared)
                .run(context -> assertThat(config(context.getBean(TaskManagerRegistry.class))
                                .healthCheck())
                        .isSameAs(shared));
        both.withBean("imagesHealthCheck", HealthCheck.class, () -> ofImages)
                .withBean("shared", HealthCheck.class, () -> shared)
                .run(context -> assertThat(config(context.getBean(TaskManagerRegistry.class))
                                .healthCheck())
                        .isSameAs(ofImages));
    }

    @Test
    void aCustomizersListenerAndListenerBeansAreAllTold() {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        images.withBean(
                        TaskManagerConfigCustomizer.class,
                        () -> (name, builder) -> builder.listener(listener("customizer", told)))
                .withBean("one", TaskManagerListener.class, () -> listener("one", told))
                .withBean("two", TaskManagerListener.class, () -> listener("two", told))
                .run(context -> {
                    run(manager(context.getBean("images")));
                    assertThat(told).containsExactlyInAnyOrder("customizer", "one", "two");
                });
    }

    @Test
    void theRegistryNamesWhatThereIs() {
        images.run(context -> {
            TaskManagerRegistry registry = context.getBean(TaskManagerRegistry.class);
            assertThat(registry.names()).containsExactly("images");
            assertThat(registry.all()).containsOnlyKeys("images").containsValue(manager(context.getBean("images")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.get("imagse"))
                    .withMessageContainingAll("'imagse'", "[images]");
        });
    }

    @Test
    void theRegistryBacksOff() {
        TaskManagerRegistry own = mock(TaskManagerRegistry.class);
        images.withBean(TaskManagerRegistry.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(TaskManagerRegistry.class)).isSameAs(own));
    }

    @Test
    void aLazyManagerIsCreatedWhenItIsNeeded() {
        images.withBean(
                        LazyInitializationBeanFactoryPostProcessor.class,
                        LazyInitializationBeanFactoryPostProcessor::new)
                .run(context -> {
                    assertThat(context.getBeanFactory().containsSingleton("imagesTaskManager"))
                            .isFalse();
                    assertThat(context.getBean(TaskManagerRegistry.class).get("images"))
                            .isSameAs(context.getBean("images"));
                });
    }

    @Test
    void closingTheContextClosesTheManagers() {
        images.run(context -> {
            TaskManager<?, ?> manager = manager(context.getBean("images"));
            context.close();
            assertThat(manager.state()).isEqualTo(TaskManagerState.TERMINATED);
        });
    }

    private static TaskManager<?, ?> manager(Object bean) {
        return (TaskManager<?, ?>) bean;
    }

    private static Object run(TaskManager<?, ?> manager) throws InterruptedException {
        @SuppressWarnings("unchecked") // E is Object
        TaskManager<Session, Object> typed = (TaskManager<Session, Object>) manager;
        return typed.queueTask((context, session) -> session);
    }

    private static TaskManagerConfig<?> config(TaskManagerRegistry registry) {
        return registry.config("images").orElseThrow();
    }

    private static TaskManagerListener listener(String name, Queue<String> told) {
        return new TaskManagerListener() {
            @Override
            public void taskFinished(TaskFinished event) {
                told.add(name);
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    static class Factory {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {
        @Bean
        @Order(2)
        TaskManagerConfigCustomizer later() {
            return (name, builder) -> builder.maxRetries(9);
        }

        @Bean
        @Order(1)
        TaskManagerConfigCustomizer earlier() {
            return (name, builder) ->
                    builder.name("other").maxRetries(1).stopTimeout(Duration.ofSeconds(name.length() + 1L));
        }
    }
}

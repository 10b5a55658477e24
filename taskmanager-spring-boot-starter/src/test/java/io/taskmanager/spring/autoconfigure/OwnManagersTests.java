package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;
import static org.mockito.Mockito.mock;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerState;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.Slf4jLogger;
import io.taskmanager.spring.TaskManagerBuilderFactory;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.actuate.TaskManagerEndpoint;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.SimpleThreadScope;

/** The managers that the application creates itself are seen as those of the configuration are. */
@ExtendWith({NoLeakedThreads.class, OutputCaptureExtension.class})
class OwnManagersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TaskManagerAutoConfiguration.class,
                    TaskManagerEndpointAutoConfiguration.class,
                    TaskManagerHealthAutoConfiguration.class,
                    TaskManagerMetricsAutoConfiguration.class))
            .withUserConfiguration(Sessions.class)
            .withBean(SimpleMeterRegistry.class)
            .withPropertyValues("management.endpoints.web.exposure.include=taskmanager");

    private final ApplicationContextRunner both = runner.withUserConfiguration(OwnCatalog.class)
            .withPropertyValues("taskmanager.managers.images.worker-count=1");

    @Test
    void areInTheRegistryAfterThoseOfTheConfiguration() {
        both.run(context -> {
            TaskManagerRegistry registry = registry(context);
            assertThat(registry.names()).containsExactly("images", "catalog");
            assertThat(registry.get("catalog")).isSameAs(context.getBean("catalogTaskManager"));
            assertThat(registry.all()).containsOnlyKeys("images", "catalog");
            assertThat(registry.config("catalog")).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.get("catalogTaskManager"))
                    .withMessage("no task manager is named 'catalogTaskManager'; there are [images, catalog]");
        });
    }

    @Test
    void areShownByEndpointHealthAndMeters() {
        both.run(context -> {
            TaskManagerEndpoint endpoint = context.getBean(TaskManagerEndpoint.class);
            assertThat(endpoint.managers().managers()).containsOnlyKeys("images", "catalog");
            assertThat(endpoint.manager("catalog").state()).isEqualTo(TaskManagerState.RUNNING);
            assertThat(context.getBean(CompositeHealthContributor.class).stream())
                    .extracting("name")
                    .containsExactly("images", "catalog");
            assertThat(context.getBean(MeterRegistry.class)
                            .get("taskmanager.workers")
                            .tags("name", "catalog", "kind", "base")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        });
    }

    @Test
    void areStoppedWithTheContextAndNotTwice(CapturedOutput output) {
        runner.withUserConfiguration(BuiltCatalog.class).run(context -> {
            TaskManager<?, ?> catalog = registry(context).get("catalog");
            context.close();
            assertThat(catalog.state()).isEqualTo(TaskManagerState.TERMINATED);
            assertThat(output).containsOnlyOnce("ShutdownReport[");
        });
    }

    @Test
    void haveTheNameOfTheirBean() {
        runner.withBean("catalog", TaskManager.class, () -> mock(TaskManager.class))
                .withBean("TaskManager", TaskManager.class, () -> mock(TaskManager.class))
                .run(context ->
                        assertThat(registry(context).names()).containsExactlyInAnyOrder("catalog", "TaskManager"));
    }

    @Test
    void areToldApart() {
        both.withBean("catalog", TaskManager.class, () -> mock(TaskManager.class))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(TaskManagerConfigurationException.class)
                        .hasMessageMatching("The beans '\\w+' and '\\w+' are both the task manager 'catalog'\\."));
    }

    @Test
    void goBeforeThatOfTheConfigurationAlsoUnderItsShortName() {
        TaskManager<?, ?> own = mock(TaskManager.class);
        runner.withBean("images", TaskManager.class, () -> own)
                .withPropertyValues("taskmanager.managers.images.worker-count=1")
                .run(context -> {
                    assertThat(context).getBeanNames(TaskManager.class).containsExactly("images");
                    assertThat(registry(context).get("images")).isSameAs(own);
                });
    }

    @Test
    void lazyOnesAreCreatedByNobodyWhoLooks() {
        runner.withUserConfiguration(LazyCatalog.class).run(context -> {
            assertThat(registry(context).names()).containsExactly("catalog");
            assertThat(context.getBean(CompositeHealthContributor.class).stream())
                    .hasSize(1);
            LazyCatalog configuration = context.getBean(LazyCatalog.class);
            context.close();
            assertThat(configuration.created).isFalse();
        });
    }

    @Test
    void thoseOfFactoryBeansAreSeen() {
        runner.withBean("catalog", OfFactoryBean.class).run(context -> {
            assertThat(registry(context).get("catalog")).isSameAs(context.getBean("catalog"));
            TaskManager<?, ?> catalog = registry(context).get("catalog");
            context.close();
            assertThat(catalog.state()).isEqualTo(TaskManagerState.TERMINATED);
        });
    }

    @Test
    void noFactoryBeanIsAskedForAManagerWhenTheContextStops() {
        runner.withBean("catalog", OfFactoryBean.class).run(context -> {
            OfFactoryBean factory = context.getBean(OfFactoryBean.class);
            context.close();
            assertThat(factory.created).isFalse();
        });
    }

    @Test
    void noFactoryBeanIsAskedByWhoWantsThoseThatAreThere() {
        runner.withBean("catalog", OfFactoryBean.class).run(context -> {
            DefaultTaskManagerRegistry registry = context.getBean(DefaultTaskManagerRegistry.class);
            assertThat(registry.created()).containsOnly(entry("catalog", null));
            assertThat(context.getBean(OfFactoryBean.class).created).isFalse();

            TaskManager<?, ?> catalog = registry.get("catalog");
            assertThat(registry.created()).containsOnly(entry("catalog", catalog));
        });
    }

    @Test
    void thoseOfWhichThereIsNotOneInstanceAreLeftAlone() {
        runner.withUserConfiguration(Scoped.class)
                .withBean("anewTaskManager", Anew.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeanNamesForType(TaskManager.class)).hasSizeGreaterThan(3);
                    assertThat(registry(context).names()).isEmpty();
                    context.close();
                });
    }

    @Test
    void oneThatWasRegisteredAsASingletonIsStopped() {
        TaskManager<Session, Object> catalog = TaskManagers.create(TaskManagerConfig.builder(Session.factory())
                .name("catalog")
                .workerCount(1)
                .build());
        runner.withInitializer(context -> context.getBeanFactory().registerSingleton("catalogTaskManager", catalog))
                .run(context -> {
                    assertThat(registry(context).get("catalog")).isSameAs(catalog);
                    context.close();
                    assertThat(catalog.state()).isEqualTo(TaskManagerState.TERMINATED);
                });
    }

    @Test
    void aBuilderHasWhatTheConfigurationGives() {
        runner.withUserConfiguration(BuiltCatalog.class)
                .withBean("catalogHealthCheck", HealthCheck.class, () -> error -> false)
                .withPropertyValues(
                        "taskmanager.defaults.max-retries=7", "taskmanager.managers.catalog.queue-capacity=5")
                .run(context -> {
                    TaskManagerConfig<Session> config = context.getBean(BuiltCatalog.class).config;
                    assertThat(config.name()).isEqualTo("catalog");
                    assertThat(config.workerCount()).isEqualTo(2);
                    assertThat(config.maxRetries()).isEqualTo(7);
                    assertThat(config.queueCapacity()).isEqualTo(5);
                    assertThat(config.maxTemporaryResources()).isEqualTo(9);
                    assertThat(config.healthCheck()).isSameAs(context.getBean("catalogHealthCheck"));
                    assertThat(config.logger().orElseThrow()).isInstanceOf(Slf4jLogger.class);

                    TaskManager<Session, Object> catalog = context.getBean(BuiltCatalog.class).manager;
                    assertThat(catalog.<String>queueTask((task, session) -> MDC.get("taskmanager")))
                            .isEqualTo("catalog");
                    assertThat(context.getBean(BuiltCatalog.class).events)
                            .extracting(TaskManagerEvent::type)
                            .contains(TaskManagerEvent.Type.RESOURCE_CREATED);
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("taskmanager.resources.creations")
                                    .tag("name", "catalog")
                                    .counter()
                                    .count())
                            .isPositive();
                });
    }

    @Test
    void aBuilderWantsAWorkerCount() {
        runner.run(context -> {
            TaskManagerConfig.Builder<Session> builder =
                    context.getBean(TaskManagerBuilderFactory.class).builder("catalog", Session.factory());
            assertThatIllegalArgumentException()
                    .isThrownBy(builder::build)
                    .withMessageStartingWith("workerCount must be");
        });
    }

    @Test
    void areSeenWithoutMicrometer() {
        both.withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run(context -> assertThat(registry(context).names()).containsExactly("images", "catalog"));
    }

    private static TaskManagerRegistry registry(ApplicationContext context) {
        return context.getBean(TaskManagerRegistry.class);
    }

    private static TaskManager<Session, Object> catalog() {
        return TaskManagers.create(TaskManagerConfig.builder(Session.factory())
                .name("catalog")
                .workerCount(1)
                .build());
    }

    @Configuration(proxyBeanMethods = false)
    static class Sessions {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnCatalog {
        @Bean
        TaskManager<Session, Object> catalogTaskManager() {
            return catalog();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyCatalog {
        volatile boolean created;

        @Bean
        @Lazy
        TaskManager<Session, Object> catalogTaskManager() {
            created = true;
            return catalog();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class BuiltCatalog {
        final Queue<TaskManagerEvent> events = new ConcurrentLinkedQueue<>();
        volatile TaskManagerConfig<Session> config;
        volatile TaskManager<Session, Object> manager;

        @Bean
        TaskManager<Session, Object> catalogTaskManager(
                TaskManagerBuilderFactory builders, ResourceFactory<Session> sessions) {
            config = builders.builder("catalog", sessions).workerCount(2).build();
            manager = TaskManagers.create(config);
            return manager;
        }

        @Bean
        TaskManagerConfigCustomizer customizer() {
            return (name, builder) -> builder.maxTemporaryResources(9);
        }

        @EventListener
        void on(TaskManagerEvent event) {
            events.add(event);
        }
    }

    /** Makes one manager, when it is asked for it. */
    static class OfFactoryBean implements FactoryBean<TaskManager<Session, Object>> {
        volatile boolean created;

        @Override
        public TaskManager<Session, Object> getObject() {
            created = true;
            return catalog();
        }

        @Override
        public Class<?> getObjectType() {
            return TaskManager.class;
        }
    }

    /** Makes another manager each time. */
    static class Anew extends OfFactoryBean {
        @Override
        public TaskManager<Session, Object> getObject() {
            throw new AssertionError("looked at");
        }

        @Override
        public boolean isSingleton() {
            return false;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {
        @Bean
        static BeanFactoryPostProcessor threadScope() {
            return beans -> beans.registerScope("thread", new SimpleThreadScope());
        }

        @Bean
        @Scope(BeanDefinition.SCOPE_PROTOTYPE)
        TaskManager<Session, Object> prototypeTaskManager() {
            throw new AssertionError("looked at");
        }

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.INTERFACES)
        TaskManager<Session, Object> threadTaskManager() {
            throw new AssertionError("looked at");
        }
    }
}

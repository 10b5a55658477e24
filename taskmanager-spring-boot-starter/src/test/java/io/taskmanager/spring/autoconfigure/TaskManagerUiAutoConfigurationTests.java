package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.TaskManagers;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.ui.Sample;
import io.taskmanager.spring.ui.Sampler;
import io.taskmanager.spring.ui.TaskManagerUiEndpoint;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;

@ExtendWith(NoLeakedThreads.class)
class TaskManagerUiAutoConfigurationTests {

    private final WebApplicationContextRunner runner = configured(new WebApplicationContextRunner());
    private final WebApplicationContextRunner withManager = withManager(runner);

    private static <S extends AbstractApplicationContextRunner<S, ?, ?>> S configured(S runner) {
        return runner.withConfiguration(AutoConfigurations.of(
                EndpointAutoConfiguration.class,
                TaskManagerAutoConfiguration.class,
                TaskManagerEndpointAutoConfiguration.class,
                TaskManagerUiAutoConfiguration.class));
    }

    private static <S extends AbstractApplicationContextRunner<S, ?, ?>> S withManager(S runner) {
        return runner.withPropertyValues(
                        "management.endpoints.web.exposure.include=taskmanagerui",
                        "management.endpoint.taskmanagerui.access=READ_ONLY",
                        "taskmanager.managers.images.worker-count=1")
                .withBean("images", ResourceFactory.class, Session::factory);
    }

    @Test
    void samplesWhereItIsAllowedAndExposed() {
        withManager.run(context -> {
            assertThat(context).hasSingleBean(TaskManagerUiEndpoint.class).hasSingleBean(Sampler.class);
            Sampler sampler = context.getBean(Sampler.class);
            assertThat(sampler.isRunning()).isTrue();
            context.close();
            assertThat(sampler.isRunning()).isFalse();
        });
    }

    @Test
    void isNotThereWhereNothingIsSaidOfItsAccess() {
        configured(new WebApplicationContextRunner())
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=*", "taskmanager.managers.images.worker-count=1")
                .withBean("images", ResourceFactory.class, Session::factory)
                .run(context -> assertThat(context)
                        .hasSingleBean(TaskManager.class)
                        .doesNotHaveBean(TaskManagerUiEndpoint.class)
                        .doesNotHaveBean(Sampler.class));
    }

    @Test
    void isNotThereWhereItsAccessIsNone() {
        withManager
                .withPropertyValues("management.endpoint.taskmanagerui.access=NONE")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(TaskManagerUiEndpoint.class)
                        .doesNotHaveBean(Sampler.class));
    }

    @Test
    void isNotThereUnlessExposed() {
        withManager
                .withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(TaskManagerUiEndpoint.class)
                        .doesNotHaveBean(Sampler.class));
    }

    @Test
    void isNotThereWhereItIsExposedOverJmxAlone() {
        withManager
                .withPropertyValues(
                        "spring.jmx.enabled=true",
                        "management.endpoints.jmx.exposure.include=*",
                        "management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(TaskManagerUiEndpoint.class)
                        .doesNotHaveBean(Sampler.class));
    }

    @Test
    void isNotThereWithoutAWebServer() {
        withManager(configured(new ApplicationContextRunner()))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(TaskManager.class)
                        .doesNotHaveBean(TaskManagerUiEndpoint.class)
                        .doesNotHaveBean(Sampler.class));
    }

    /** It says then how to have one. */
    @Test
    void isThereWithoutAnyManager() {
        runner.withPropertyValues(
                        "management.endpoints.web.exposure.include=taskmanagerui",
                        "management.endpoint.taskmanagerui.access=READ_ONLY")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(TaskManager.class)
                        .hasSingleBean(TaskManagerUiEndpoint.class)
                        .hasSingleBean(Sampler.class));
    }

    @Test
    void isNotThereWithoutTheActuator() {
        withManager
                .withClassLoader(new FilteredClassLoader(Endpoint.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("taskManagerUiEndpoint"));
    }

    @Test
    void backsOff() {
        TaskManagerUiEndpoint own = new TaskManagerUiEndpoint(mock(Sampler.class), () -> {
            throw new AssertionError("nobody asked for a page");
        });
        withManager
                .withBean(TaskManagerUiEndpoint.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(TaskManagerUiEndpoint.class).isSameAs(own));
    }

    @Test
    void createsNoManagerThatIsLazy() {
        withManager.withUserConfiguration(LazyCatalog.class).run(context -> {
            Sampler sampler = context.getBean(Sampler.class);
            TaskManagerUiEndpoint endpoint = context.getBean(TaskManagerUiEndpoint.class);
            Object before = endpoint.asset("data", 0L).getBody();
            assertThat(before).asString().contains("catalog=Manager[state=NOT_CREATED");
            assertThat(LazyCatalog.CREATED).hasValue(0);

            Object unused = context.getBean("catalog");

            await().until(() ->
                    String.valueOf(endpoint.asset("data", 0L).getBody()).contains("catalog=Manager[state=RUNNING"));
            assertThat(LazyCatalog.CREATED).hasValue(1);
            assertThat(sampler.isRunning()).isTrue();
        });
    }

    @Test
    void hintsAtWhatANativeImageNeeds() {
        RuntimeHints hints = new RuntimeHints();
        new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, TaskManagerUiEndpoint.class);
        ImportRuntimeHints imported = TaskManagerUiEndpoint.class.getAnnotation(ImportRuntimeHints.class);
        assertThat(imported.value()).hasSize(1);

        assertThat(RuntimeHintsPredicates.reflection().onType(Sample.class)).accepts(hints);
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyCatalog {
        static final AtomicInteger CREATED = new AtomicInteger();

        @Bean
        @Lazy
        TaskManager<Session, Object> catalog() throws InterruptedException {
            CREATED.incrementAndGet();
            return TaskManagers.create(TaskManagerConfig.builder(Session.factory())
                    .name("catalog")
                    .workerCount(1)
                    .build());
        }
    }
}

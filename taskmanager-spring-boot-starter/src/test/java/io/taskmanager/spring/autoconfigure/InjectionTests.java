package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.StringUtils;

/** Managers reach whoever asks for them, whatever way they ask and however the factory is declared. */
@ExtendWith({NoLeakedThreads.class, OutputCaptureExtension.class})
@SuppressWarnings("NullAway.Init") // Spring sets the fields.
class InjectionTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withPropertyValues("taskmanager.managers.images.worker-count=1");

    private final ApplicationContextRunner twoOfOneResource = runner.withUserConfiguration(InstanceMethod.class)
            .withPropertyValues("taskmanager.managers.catalog.worker-count=1");

    @ParameterizedTest
    @ValueSource(
            classes = {
                InstanceMethod.class,
                StaticMethod.class,
                Subclass.class,
                Component.class,
                OfFactoryBean.class,
                Raw.class,
                Wildcard.class
            })
    void byConstructorAndTypeWhereverTheFactoryComesFrom(Class<?> configuration) {
        runner.withUserConfiguration(configuration, Service.class)
                .run(context -> assertThat(context.getBean(Service.class).measure())
                        .isEqualTo(Session.class.getSimpleName().length()));
    }

    @Test
    void byProvider() {
        runner.withUserConfiguration(InstanceMethod.class, Provided.class).run(context -> {
            Provided provided = context.getBean(Provided.class);
            assertThat(provided.sessions.getIfAvailable()).isSameAs(context.getBean("images"));
            assertThat(provided.strings.getIfAvailable()).isNull();
        });
    }

    @Test
    void byQualifier() {
        twoOfOneResource.withUserConfiguration(Qualified.class).run(context -> {
            Qualified qualified = context.getBean(Qualified.class);
            assertThat(qualified.first).isSameAs(context.getBean("imagesTaskManager"));
            assertThat(qualified.second).isSameAs(context.getBean("catalogTaskManager"));
        });
    }

    @Test
    void byQualifierAlsoWhenTheFactoryHasTheManagersName() {
        runner.withUserConfiguration(FactoryNamedImages.class, Qualified.class)
                .withPropertyValues("taskmanager.managers.catalog.worker-count=1")
                .run(context -> {
                    Qualified qualified = context.getBean(Qualified.class);
                    assertThat(qualified.first).isSameAs(context.getBean("imagesTaskManager"));
                    assertThat(qualified.second).isSameAs(context.getBean("catalogTaskManager"));
                });
    }

    @Test
    void byFieldName() {
        twoOfOneResource.withUserConfiguration(Named.class).run(context -> {
            Named named = context.getBean(Named.class);
            assertThat(named.images).isSameAs(context.getBean("imagesTaskManager"));
            assertThat(named.catalogTaskManager).isSameAs(context.getBean("catalogTaskManager"));
        });
    }

    @Test
    void allOfAType() {
        twoOfOneResource.withUserConfiguration(All.class).run(context -> {
            assertThat(context.getBean(All.class).list).hasSize(2);
            assertThat(context.getBean(All.class).map).containsOnlyKeys("imagesTaskManager", "catalogTaskManager");
        });
    }

    @Test
    void byTheResultType() {
        runner.withUserConfiguration(InstanceMethod.class, Numbers.class)
                .withPropertyValues("taskmanager.managers.images.result-type=java.lang.Integer")
                .run(context ->
                        assertThat(context.getBean(Numbers.class).images).isSameAs(context.getBean("images")));
    }

    @Test
    void anotherResultTypeIsExplained(CapturedOutput output) {
        startExpectingFailure(Numbers.class);

        assertThat(output)
                .contains("A bean of type io.taskmanager.TaskManager<io.taskmanager.spring.autoconfigure.Session,"
                        + " java.lang.Integer> was asked for, but the task managers are:")
                .contains("'images', a io.taskmanager.TaskManager<io.taskmanager.spring.autoconfigure.Session,"
                        + " java.lang.Object>")
                .contains("or set taskmanager.managers.images.result-type to java.lang.Integer.");
    }

    @Test
    void anotherResourceIsExplained(CapturedOutput output) {
        startExpectingFailure(OtherResource.class);

        assertThat(output).contains("add a manager whose ResourceFactory bean is a ResourceFactory<java.lang.String>.");
    }

    @Test
    void twoThatFitAreExplainedByBoot(CapturedOutput output) {
        startExpectingFailure(Service.class, "--taskmanager.managers.catalog.worker-count=1");

        assertThat(output)
                .contains("required a single bean, but 2 were found")
                .contains("- imagesTaskManager: ", "- catalogTaskManager: ");
    }

    private static void startExpectingFailure(Class<?> asking, String... more) {
        SpringApplication application = new SpringApplication(Application.class, asking);
        application.setWebApplicationType(WebApplicationType.NONE);
        assertThatThrownBy(() -> application.run(
                        StringUtils.addStringToArray(more, "--taskmanager.managers.images.worker-count=1")))
                .isInstanceOf(UnsatisfiedDependencyException.class);
    }

    @Test
    void conditionsOfLaterConfigurationsSeeTheManagers() {
        runner.withUserConfiguration(InstanceMethod.class)
                .withConfiguration(AutoConfigurations.of(OnManager.class))
                .run(context -> assertThat(context).hasBean("onManager"));
    }

    static class Service {
        private final TaskManager<Session, Object> images;

        @Autowired
        Service(TaskManager<Session, Object> only) {
            this.images = only;
        }

        /** Each call infers its own type of result. */
        int measure() throws InterruptedException {
            String name =
                    images.queueTask((context, session) -> session.getClass().getSimpleName());
            int length = images.queueTaskWithPriority((context, session) -> name.length());
            return length;
        }
    }

    static class Provided {
        @Autowired
        ObjectProvider<TaskManager<Session, Object>> sessions;

        @Autowired
        ObjectProvider<TaskManager<String, Object>> strings;
    }

    static class Qualified {
        @Autowired
        @Qualifier("images")
        TaskManager<Session, Object> first;

        @Autowired
        @Qualifier("catalog")
        TaskManager<Session, ?> second;
    }

    static class Named {
        @Autowired
        TaskManager<Session, Object> images;

        @Autowired
        TaskManager<Session, Object> catalogTaskManager;
    }

    static class All {
        @Autowired
        List<TaskManager<Session, Object>> list;

        @Autowired
        Map<String, TaskManager<?, ?>> map;
    }

    static class Numbers {
        @Autowired
        TaskManager<Session, Integer> images;
    }

    static class OtherResource {
        @Autowired
        TaskManager<String, Object> strings;
    }

    @Configuration(proxyBeanMethods = false)
    static class InstanceMethod {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StaticMethod {
        @Bean
        static ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Subclass {
        @Bean
        Component sessions() {
            return new Component();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FactoryNamedImages {
        @Bean
        ResourceFactory<Session> images() {
            return Session.factory();
        }
    }

    static class Component implements ResourceFactory<Session> {
        @Override
        public Session create() {
            return new Session();
        }

        @Override
        public void destroy(Session session) {}
    }

    static class OfFactoryBean implements FactoryBean<ResourceFactory<Session>> {
        @Override
        public ResourceFactory<Session> getObject() {
            return Session.factory();
        }

        @Override
        public Class<?> getObjectType() {
            return ResourceFactory.class;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Raw {
        @Bean
        @SuppressWarnings("rawtypes")
        ResourceFactory sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Wildcard {
        @Bean
        ResourceFactory<?> sessions() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskManagerAutoConfiguration.class)
    static class Application extends InstanceMethod {}

    @AutoConfiguration(after = TaskManagerAutoConfiguration.class)
    @ConditionalOnBean(TaskManager.class)
    static class OnManager {
        @Bean
        String onManager() {
            return "";
        }
    }
}

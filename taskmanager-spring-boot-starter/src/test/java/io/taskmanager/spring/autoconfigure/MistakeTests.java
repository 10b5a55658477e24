package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What an application prints that can't start as its configuration is wrong: the property, its value, where it was set, and what
 * to write. Never a stack trace.
 */
@ExtendWith({OutputCaptureExtension.class, NoLeakedThreads.class})
class MistakeTests {

    private static final String IMAGES = "--taskmanager.managers.images.worker-count=1";

    @ParameterizedTest
    @CsvSource({
        "taskmanager.defualts.max-retries, defaults",
        "taskmanager.manager.images.worker-count, managers",
        "taskmanager.defaults.max-worker-cuont, max-worker-count",
        "taskmanager.managers.images.max-worker-cuont, max-worker-count",
        "taskmanager.managers.images.retry-backof.initial, retry-backoff",
        "taskmanager.managers.images.retry-backoff.intial, initial"
    })
    void aMisspeltSetting(String property, String meant, CapturedOutput output) {
        fail(Application.class, IMAGES, "--" + property + "=8");

        assertThat(output)
                .contains("Property: " + property)
                .contains("Value: \"8\" (\"" + property + "\" from property source \"commandLineArgs\")")
                .contains("Correct or remove " + property + ". Did you mean '" + meant + "'?");
    }

    @Test
    void anUnknownSettingThatResemblesNone(CapturedOutput output) {
        fail(Application.class, IMAGES, "--taskmanager.managers.images.colour=red");

        assertThat(output)
                .contains("Correct or remove taskmanager.managers.images.colour.")
                .doesNotContain("Did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskmanger", "taskmanagers", "spring.taskmanager"})
    void aMisspeltRoot(String root, CapturedOutput output) {
        fail(Application.class, "--" + root + ".managers.images.worker-count=8");

        assertThat(output)
                .contains("Property: " + root + ".managers.images.worker-count")
                .contains("Value: \"8\" (\"" + root + ".managers.images.worker-count\" from property source")
                .contains("Write 'taskmanager.managers.images.worker-count'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"task-timeout", "max-retries", "overflow-policy", "lending", "retry-backoff.initial"})
    void anEmptyValue(String setting, CapturedOutput output) {
        String property = "taskmanager.managers.images." + setting;
        fail(Application.class, IMAGES, "--" + property + "=${NOT_SET:}");

        assertThat(output)
                .contains("A setting of the task managers is empty:")
                .contains("Property: " + property)
                .contains("Value: \"${NOT_SET:}\" (\"" + property + "\" from property source")
                .contains("Give " + property + " a value, or leave it out.");
    }

    @ParameterizedTest
    @CsvSource({
        "application, applicationTaskExecutor",
        "messageSource, messageSource",
        "message-source, messageSource",
        "environment, environment"
    })
    void aReservedName(String name, String bean, CapturedOutput output) {
        fail(Application.class, "--taskmanager.managers." + name + ".worker-count=1");

        assertThat(output)
                .contains("'" + name + "' under taskmanager.managers can't be the name of a manager")
                .contains("'" + bean + "'")
                .contains("Rename it");
    }

    @Test
    void aManagerIsInjectedAndThereIsNone(CapturedOutput output) {
        fail(Service.class);

        assertThat(output)
                .contains("but there is no task manager: nothing is under taskmanager.managers.")
                .contains("taskmanager:\n      managers:\n        sessions:\n          worker-count: 4");
    }

    @Test
    void anUnknownManagerIsInjected(CapturedOutput output) {
        fail(Qualified.class, IMAGES, "--taskmanager.managers.catalog.worker-count=1");

        assertThat(output)
                .contains("The task manager 'imagse' was asked for, but under taskmanager.managers there are"
                        + " [images, catalog].")
                .contains("Did you mean 'images'?");
    }

    @Test
    void anUnknownFactory(CapturedOutput output) {
        fail(Application.class, IMAGES, "--taskmanager.managers.images.resource-factory=sesions");

        assertThat(output)
                .contains(
                        "taskmanager.managers.images.resource-factory is 'sesions'"
                                + " (\"taskmanager.managers.images.resource-factory\" from property source \"commandLineArgs\")")
                .contains("Did you mean 'sessions'?");
    }

    @Test
    void aFactoryThatThrows(CapturedOutput output) {
        fail(Throwing.class, IMAGES);

        assertThat(output)
                .contains("manager \"images\" did not start: ")
                .contains("Caused by: java.lang.IllegalStateException: no server at sftp.example.com")
                .contains("startup-policy");
    }

    @Test
    void aFactoryThatReturnsNull(CapturedOutput output) {
        fail(Null.class, IMAGES);

        assertThat(output)
                .contains("manager \"images\" did not start: ")
                .contains("null")
                .contains("startup-policy");
    }

    @Test
    void defaultsOfNoManager(CapturedOutput output) {
        application(Application.class)
                .run("--taskmanager.defaults.worker-count=2")
                .close();

        assertThat(output).contains("taskmanager.defaults is set, but there is no task manager.");
    }

    @Test
    void aConfigurationClassThatTakesTheNameOfAManager(CapturedOutput output) {
        application(NamedImages.class).run(IMAGES).close();

        assertThat(output)
                .contains("The bean 'images' is a ")
                .contains("@Qualifier(\"images\") or as 'imagesTaskManager'");
    }

    private static void fail(Class<?> configuration, String... arguments) {
        assertThatThrownBy(() -> application(configuration).run(arguments).close());
    }

    @AfterEach
    void isToldWithoutAStackTrace(CapturedOutput output) {
        String all = output.getAll();
        int failed = all.indexOf("APPLICATION FAILED TO START");
        if (failed < 0) {
            assertThat(all).containsPattern("taskmanager.defaults is set|The bean 'images' is");
        } else {
            assertThat(all.substring(failed)).doesNotContain("Bindable@", "\tat ");
            assertThat(all).doesNotContain("next attempt");
        }
    }

    private static SpringApplication application(Class<?> configuration) {
        SpringApplication application = new SpringApplication(Base.class, configuration);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskManagerAutoConfiguration.class)
    static class Base {}

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }

    @Configuration(value = "images", proxyBeanMethods = false)
    static class NamedImages extends Application {}

    @Configuration(proxyBeanMethods = false)
    static class Service {
        Service(TaskManager<Session, Object> images) {
            throw new AssertionError(images);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Qualified extends Application {
        @Bean
        Object service(@Qualifier("imagse") TaskManager<Session, Object> images) {
            return images;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Throwing {
        @Bean
        ResourceFactory<Session> sessions() {
            return ResourceFactory.of(
                    () -> {
                        throw new IllegalStateException("no server at sftp.example.com");
                    },
                    session -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Null {
        @Bean
        ResourceFactory<Session> sessions() {
            return ResourceFactory.of(() -> null, session -> {});
        }
    }
}

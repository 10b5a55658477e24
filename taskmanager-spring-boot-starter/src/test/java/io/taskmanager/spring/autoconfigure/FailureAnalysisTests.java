package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.ResourceFactory;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Each way to configure a manager wrongly ends in a text that says what to write. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withPropertyValues("taskmanager.managers.images.worker-count=4");

    @Test
    void noFactory() {
        runner.run(context -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription())
                    .isEqualTo(
                            "The task manager 'images' has no resource factory. Looked for a ResourceFactory bean"
                                    + " named 'images' or 'imagesResourceFactory', or the only one of any name; there is none.");
            assertThat(analysis.getAction())
                    .contains("    @Bean\n    ResourceFactory<Session> imagesResourceFactory() {\n"
                            + "        return ResourceFactory.of(Session::new, Session::close);\n    }")
                    .contains("taskmanager.managers.images.resource-factory");
        });
    }

    @Test
    void severalFactories() {
        runner.withUserConfiguration(TwoFactories.class).run(context -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription())
                    .isEqualTo("The task manager 'images' could use any of these ResourceFactory beans:"
                            + " 'one' or 'two'.");
            assertThat(analysis.getAction())
                    .isEqualTo("Set taskmanager.managers.images.resource-factory to one of them, or name its bean"
                            + " 'images' or 'imagesResourceFactory'.");
        });
    }

    @Test
    void unknownFactory() {
        runner.withUserConfiguration(TwoFactories.class)
                .withPropertyValues("taskmanager.managers.images.resource-factory=three")
                .run(context -> {
                    FailureAnalysis analysis = analyze(context);
                    assertThat(analysis.getDescription())
                            .isEqualTo(
                                    "taskmanager.managers.images.resource-factory is 'three'"
                                            + " (\"taskmanager.managers.images.resource-factory\" from property source"
                                            + " \"test\"), which must be the name of a ResourceFactory bean, but there is no bean of that name.");
                    assertThat(analysis.getAction())
                            .isEqualTo("Set taskmanager.managers.images.resource-factory to 'one' or 'two';"
                                    + " or leave it out.");
                });
    }

    @Test
    void factoryOfAnotherType() {
        runner.withBean("text", String.class, () -> "")
                .withPropertyValues("taskmanager.managers.images.resource-factory=text")
                .run(context -> {
                    FailureAnalysis analysis = analyze(context);
                    assertThat(analysis.getDescription()).contains("the bean of that name is a java.lang.String");
                    assertThat(analysis.getAction()).contains("imagesResourceFactory()");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker-count|0|worker-count must be from 1 to 1000000, but was 0",
                "max-worker-count|2|max-worker-count must be from worker-count (4) to 1000000, but was 2",
                "burst-interval|1ns|burst-interval must be at least 1 ms, or zero to turn scaling off, but was PT0.000000001S",
                "max-retries|-1|max-retries must not be negative; use 0 for no retries, but was -1",
                "deadline|0s|deadline must be positive; leave it out for no limit, but was PT0S",
                "scale-down-delay|-1s|scale-down-delay must not be negative, but was PT-1S",
                "max-resources|7|max-resources must be at least max-worker-count (8) and resource-pool-size (0) together, but was 7",
                "queue-capacity|0|queue-capacity must be from 1 to 1073741824, but was 0",
                "stop-timeout|-1s|stop-timeout must not be negative, but was PT-1S",
                "creation-timeout|-1s|creation-timeout must not be negative, but was PT-1S",
                "creation-backoff.jitter|2|jitter must be from 0 to 1, but was 2.0",
                "creation-backoff.max|40000d|creation-backoff.max must be at most 100 years, but was PT960000H",
                "retry-backoff.initial|-1s|initial must not be negative, but was PT-1S",
                "retry-backoff.jitter|2|jitter must be from 0 to 1, but was 2.0"
            })
    void badValue(String setting, String value, String reason) {
        String property = "taskmanager.managers.images." + setting;
        withFactory().withPropertyValues(property + "=" + value).run(context -> {
            FailureAnalysis analysis = analyze(context);
            assertThat(analysis.getDescription())
                    .startsWith("The task manager 'images' can't be created as it is configured:")
                    .contains("Property: " + property + "\n")
                    .contains("Value: \"" + value + "\"")
                    .endsWith("Reason: " + reason);
            assertThat(analysis.getAction()).isEqualTo("Change the value of " + property + ".");
        });
    }

    @Test
    void badDefault() {
        withFactory()
                .withPropertyValues("taskmanager.defaults.retry-backoff.multiplier=0.5")
                .run(context -> assertThat(analyze(context).getDescription())
                        .contains("Property: taskmanager.defaults.retry-backoff.multiplier\n")
                        .endsWith("Reason: multiplier must be at least 1, but was 0.5"));
    }

    @Test
    void badValueOfACamelCaseName() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withBean("factory", ResourceFactory.class, Session::factory)
                .withPropertyValues("taskmanager.managers.photoImages.worker-count=-3")
                .run(context -> assertThat(analyze(context).getDescription())
                        .contains("Property: taskmanager.managers.photoImages.worker-count\n    Value: \"-3\""));
    }

    @Test
    void missingWorkerCount() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
                .withBean("factory", ResourceFactory.class, Session::factory)
                .withPropertyValues("taskmanager.managers.images.max-retries=1")
                .run(context -> {
                    FailureAnalysis analysis = analyze(context);
                    assertThat(analysis.getDescription())
                            .contains("Property: taskmanager.managers.images.worker-count\n")
                            .contains("Value: not set")
                            .contains("worker-count is not set; give the number of workers, at least 1");
                    assertThat(analysis.getAction())
                            .contains("taskmanager.managers.images.worker-count")
                            .contains("taskmanager.defaults.worker-count");
                });
    }

    @Test
    void badValueOfACustomizer() {
        withFactory()
                .withBean(
                        TaskManagerConfigCustomizer.class,
                        () -> (name, builder) -> builder.stuckTaskGrace(Duration.ofSeconds(-1)))
                .run(context -> assertThat(analyze(context).getAction()).contains("TaskManagerConfigCustomizer"));
    }

    @ParameterizedTest
    @CsvSource({"taskmanager.managers[a.b].worker-count,a.b", "taskmanager.managers.a_b.worker-count,a_b"})
    void nameThatMakesNoBeanName(String property, String name) {
        withFactory()
                .withPropertyValues(property + "=1")
                .run(context -> assertThat(analyze(context).getDescription())
                        .contains("'" + name + "' under taskmanager.managers"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskmanager.managers.images.max-worker-cuont", "taskmanager.defaults.max-worker-cuont"})
    void misspeltSetting(String property) {
        withFactory()
                .withPropertyValues(property + "=8")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasRootCauseInstanceOf(UnboundConfigurationPropertiesException.class)
                        .hasStackTraceContaining(property));
    }

    @Test
    void bootPrintsTheAnalysis(CapturedOutput output) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);

        assertThatThrownBy(() -> application.run("--taskmanager.managers.images.worker-count=1"))
                .isInstanceOf(TaskManagerConfigurationException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The task manager 'images' has no resource factory.");
    }

    private ApplicationContextRunner withFactory() {
        return runner.withBean("factory", ResourceFactory.class, Session::factory);
    }

    private static FailureAnalysis analyze(AssertableApplicationContext context) {
        Throwable failure = Objects.requireNonNull(context.getStartupFailure(), "started");
        return Objects.requireNonNull(new TaskManagerConfigurationFailureAnalyzer().analyze(failure));
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoFactories {
        @Bean
        ResourceFactory<Session> one() {
            return Session.factory();
        }

        @Bean
        ResourceFactory<Session> two() {
            return Session.factory();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskManagerAutoConfiguration.class)
    static class Application {}
}

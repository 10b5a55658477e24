package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.HealthCheck;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.RetryPolicy;
import io.taskmanager.spring.TaskManagerConfigCustomizer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

/** Whoever sets {@code max-retries} and has nothing that asks for a retry is told so, once, when the application starts. */
@ExtendWith(OutputCaptureExtension.class)
class RetriesInVainTests {

    private static final String WARNING = "no task will ever be retried";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(TaskManagerAutoConfiguration.class))
            .withUserConfiguration(Factory.class)
            .withPropertyValues("taskmanager.managers.images.worker-count=1");

    static Stream<UnaryOperator<ApplicationContextRunner>> whatAsksForRetries() {
        return Stream.of(
                application -> application.withBean("imagesHealthCheck", HealthCheck.class, () -> error -> true),
                application -> application.withBean(ResourceHealthCheck.class, () -> (error, session) -> false),
                application -> application.withBean(RetryPolicy.class, () -> (error, attempt) -> true),
                application -> application.withBean(
                        TaskManagerConfigCustomizer.class,
                        () -> (name, builder) -> builder.retryPolicy((error, attempt) -> true)));
    }

    @Test
    void areToldOfOnce(CapturedOutput output) {
        runner.withPropertyValues("taskmanager.managers.images.max-retries=2")
                .run(context -> assertThat(output.getOut())
                        .containsOnlyOnce(WARNING)
                        .contains("max-retries is 2", "imagesHealthCheck"));
    }

    @Test
    void areToldOfWhereTheDefaultsAskForThem(CapturedOutput output) {
        runner.withPropertyValues("taskmanager.defaults.max-retries=1")
                .run(context -> assertThat(output).contains(WARNING));
    }

    @Test
    void areNotToldOfWhereNobodyAsksForThem(CapturedOutput output) {
        runner.run(context -> assertThat(output).doesNotContain(WARNING));
        runner.withPropertyValues("taskmanager.managers.images.max-retries=0")
                .run(context -> assertThat(output).doesNotContain(WARNING));
    }

    @ParameterizedTest
    @MethodSource("whatAsksForRetries")
    void areNotToldOfWhereThereMayBeSome(UnaryOperator<ApplicationContextRunner> withIt, CapturedOutput output) {
        withIt.apply(runner)
                .withPropertyValues("taskmanager.managers.images.max-retries=2")
                .run(context -> assertThat(output).doesNotContain(WARNING));
    }

    static class Factory {
        @Bean
        static ResourceFactory<Session> sessions() {
            return Session.factory();
        }
    }
}

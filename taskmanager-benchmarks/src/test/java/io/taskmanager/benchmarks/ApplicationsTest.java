package io.taskmanager.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.benchmarks.startup.Application;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** On this class path, which they share with all other benchmarks. */
class ApplicationsTest {

    @ParameterizedTest
    @ValueSource(classes = {SpringRun.class, ContextRun.class, Application.class})
    void whatIsMeasuredInSpringStarts(Class<?> application) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run("--spring.main.banner-mode=off")) {
            assertThat(context.isRunning()).isTrue();
        }
    }
}

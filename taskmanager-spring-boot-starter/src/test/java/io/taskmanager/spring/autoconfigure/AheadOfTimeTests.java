package io.taskmanager.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.TaskManager;
import io.taskmanager.spring.NoLeakedThreads;
import io.taskmanager.spring.TaskManagerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.Compiled;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

/** An application that was processed ahead of time has the same managers. */
@ExtendWith(NoLeakedThreads.class)
class AheadOfTimeTests {

    private final TestPropertyValues properties = TestPropertyValues.of("taskmanager.managers.images.worker-count=1");

    @Test
    @CompileWithForkedClassLoader // The generated classes reach package-private ones.
    void hasTheManagersAtRunTime() {
        TestGenerationContext generation = new TestGenerationContext();
        ClassName initializer = processAheadOfTime(generation);

        TestCompiler.forSystem().with(generation).compile(compiled -> {
            try (GenericApplicationContext context = start(compiled, initializer)) {
                assertThat(context.getBean("images")).isSameAs(context.getBean("imagesTaskManager"));
                assertThat(context.getBean(Service.class).images).isSameAs(context.getBean("images"));
                TaskManagerRegistry managers = context.getBean(TaskManagerRegistry.class);
                assertThat(managers.names()).containsExactly("images");
                assertThat(managers.config("images").orElseThrow().resourceHealthCheck())
                        .hasValue(context.getBean("ofSessions", ResourceHealthCheck.class));
            }
        });
    }

    private ClassName processAheadOfTime(TestGenerationContext generation) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            properties.applyTo(context);
            context.register(Application.class);
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return initializer;
        }
    }

    private GenericApplicationContext start(Compiled compiled, ClassName initializer) {
        GenericApplicationContext context = new GenericApplicationContext();
        properties.applyTo(context);
        @SuppressWarnings("unchecked")
        ApplicationContextInitializer<GenericApplicationContext> generated =
                compiled.getInstance(ApplicationContextInitializer.class, initializer.toString());
        generated.initialize(context);
        context.refresh();
        return context;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(TaskManagerAutoConfiguration.class)
    static class Application {
        @Bean
        ResourceFactory<Session> sessions() {
            return Session.factory();
        }

        @Bean
        ResourceHealthCheck<Session> ofSessions() {
            return (error, session) -> false;
        }

        @Bean
        ResourceHealthCheck<String> ofOthers() {
            return (error, text) -> false;
        }

        @Bean
        Service service(TaskManager<Session, Object> images) {
            return new Service(images);
        }
    }

    record Service(TaskManager<Session, Object> images) {}
}

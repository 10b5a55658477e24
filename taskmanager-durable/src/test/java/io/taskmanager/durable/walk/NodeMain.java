package io.taskmanager.durable.walk;

import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.RecurringTask;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.TaskType;
import io.taskmanager.durable.autoconfigure.DurableTaskAutoConfiguration;
import io.taskmanager.durable.walk.Step.Done;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** A node in a process of its own, with what it needs and no more, as the tests start many. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    TransactionAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    TaskManagerAutoConfiguration.class,
    DurableTaskAutoConfiguration.class
})
class NodeMain {

    static final String READY = "The node is ready";
    static final String ACKNOWLEDGED = "Acknowledged ";

    public static void main(String[] arguments) {
        endWithTheTest();
        new SpringApplicationBuilder(NodeMain.class)
                .web(WebApplicationType.NONE)
                .run(arguments);
    }

    /** The pipe from the test's process closes when that ends, however it ends. */
    private static void endWithTheTest() {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is ever sent
                        }
                    } catch (IOException e) {
                        // as its end
                    }
                    Runtime.getRuntime().halt(1);
                },
                "end-with-test");
        thread.setDaemon(true);
        thread.start();
    }

    @Bean
    Audit audit(@Value("${spring.datasource.url}") String url) {
        return new Audit(url);
    }

    @Bean
    Gates gates(@Value("${walk.folder}") Path folder) {
        return new Gates(folder);
    }

    @Bean
    static BeanPostProcessor trap(Environment environment) {
        Path folder = Path.of(environment.getRequiredProperty("walk.folder"));
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof DataSource dataSource ? new Trap(dataSource, folder) : bean;
            }
        };
    }

    @Bean
    ResourceFactory<StringBuilder> workResourceFactory() {
        return ResourceFactory.of(StringBuilder::new, used -> {});
    }

    @Bean
    TaskHandler<Step, StringBuilder, Done> stepHandler(Audit audit, Gates gates) {
        return new StepHandler(Step.STEP, "work", audit, gates);
    }

    private record StepHandler(TaskType<Step, Done> type, String manager, Audit audit, Gates gates)
            implements TaskHandler<Step, StringBuilder, Done> {

        @Override
        public Done handle(DurableTaskContext context, Step step, StringBuilder resource) throws Exception {
            audit.started(context);
            if (step.gate() != null) {
                gates.await(step.gate(), context.delivery());
            }
            Thread.sleep(step.millis());
            if (context.delivery() <= step.failures()) {
                throw new IOException("as it was told");
            }
            return new Done(ProcessHandle.current().pid(), context.delivery());
        }
    }

    /** With a manager, and its tasks. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("walk.other")
    static class Other {

        @Bean
        ResourceFactory<StringBuilder> otherResourceFactory() {
            return ResourceFactory.of(StringBuilder::new, used -> {});
        }

        @Bean
        TaskHandler<Step, StringBuilder, Done> otherHandler(Audit audit, Gates gates) {
            return new StepHandler(Step.OTHER, "other", audit, gates);
        }
    }

    @Bean
    @ConditionalOnProperty(name = "walk.grown", havingValue = "before")
    TaskHandler<Grown.Before, StringBuilder, String> before() {
        return new TaskHandler<>() {
            @Override
            public TaskType<Grown.Before, String> type() {
                return Grown.BEFORE;
            }

            @Override
            public String manager() {
                return "work";
            }

            @Override
            public String handle(DurableTaskContext context, Grown.Before payload, StringBuilder resource) {
                return "before: " + payload.text();
            }
        };
    }

    @Bean
    @ConditionalOnProperty(name = "walk.grown", havingValue = "after")
    TaskHandler<Grown.After, StringBuilder, String> after() {
        return new TaskHandler<>() {
            @Override
            public TaskType<Grown.After, String> type() {
                return Grown.AFTER;
            }

            @Override
            public String manager() {
                return "work";
            }

            @Override
            public String handle(DurableTaskContext context, Grown.After payload, StringBuilder resource) {
                return "after: " + payload.text() + " " + payload.added();
            }
        };
    }

    @Bean
    @ConditionalOnProperty("walk.cron")
    RecurringTask<Step> tick(@Value("${walk.cron}") String cron) {
        return RecurringTask.cron("tick", Step.STEP, Step::quick, cron);
    }

    /** Tells of each task once it is queued. */
    @Bean
    @ConditionalOnBooleanProperty("walk.producer")
    ApplicationRunner producer(DurableTaskClient client) {
        return arguments -> new Thread(() -> produce(client), "producer").start();
    }

    private static void produce(DurableTaskClient client) {
        while (true) {
            TaskId id = client.queueTask(Step.STEP, Step.quick());
            System.out.println(ACKNOWLEDGED + id);
        }
    }

    @Bean
    @Order
    ApplicationRunner ready() {
        return arguments -> System.out.println(READY);
    }
}

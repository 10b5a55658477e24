package io.taskmanager.durable.testkit;

import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with a manager "work", and a handler of jobs that does what the test says. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Work {

    public static final TaskType<Job, String> JOB = TaskType.of("job", Job.class, String.class);

    public record Job(String text) {}

    /** What the handler does. */
    public interface Behaviour {
        @Nullable
        String handle(DurableTaskContext context, Job job) throws Exception;
    }

    /** Written by the test. */
    public static final class Script {
        /** What has begun, in order. */
        public final List<String> starts = new CopyOnWriteArrayList<>();

        public volatile Behaviour behaviour = (context, job) -> "did " + job.text();
    }

    @Bean
    Script script() {
        return new Script();
    }

    @Bean
    ResourceFactory<StringBuilder> workResourceFactory() {
        return ResourceFactory.of(StringBuilder::new, used -> {});
    }

    @Bean
    TaskHandler<Job, StringBuilder, String> jobHandler(Script script) {
        return new TaskHandler<>() {
            @Override
            public TaskType<Job, String> type() {
                return JOB;
            }

            @Override
            public String manager() {
                return "work";
            }

            @Override
            public String handle(DurableTaskContext context, Job job, StringBuilder resource) throws Exception {
                script.starts.add(job.text());
                return script.behaviour.handle(context, job);
            }
        };
    }
}

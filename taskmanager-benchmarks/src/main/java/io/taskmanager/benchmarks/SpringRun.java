package io.taskmanager.benchmarks;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManager;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.slf4j.MDC;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * A manager of the starter beside what a team glues together today, in one Spring Boot application with a Prometheus
 * registry. Both have two sessions, retry three times, count and time each task, and carry the log context of whoever submits
 * it, in which there is one entry.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(
        exclude = DataSourceAutoConfiguration.class) // another benchmark has a database on the class path
public class SpringRun {

    private static final int WARM_UPS = 4;
    private static final int ROUNDS = 8;
    private static final int TASKS = 100_000;

    /** A call that changes threads takes so much longer. */
    private static final int GLUED_CALLS = 10_000;

    @Bean
    ResourceFactory<Session> sessions() {
        return ResourceFactory.of(Session::new, session -> {});
    }

    public static void main(String[] args) throws Exception {
        ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        SpringApplication application = new SpringApplication(SpringRun.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run(
                "--spring.main.banner-mode=off",
                "--taskmanager.managers.ours.worker-count=2",
                "--taskmanager.managers.ours.max-worker-count=2",
                "--taskmanager.managers.ours.resource-pool-size=2",
                "--taskmanager.managers.ours.queue-capacity=" + TASKS)) {
            @SuppressWarnings("unchecked")
            TaskManager<Session, Object> ours = context.getBean("ours", TaskManager.class);
            MDC.put("request", "4711");
            try (Glue glue = new Glue(context.getBean(MeterRegistry.class))) {
                for (Form form : Form.values()) {
                    measure(form, new Ours(ours), glue);
                }
            }
        }
    }

    private static void measure(Form form, Side ours, Side glue) throws Exception {
        double[] ourRates = new double[ROUNDS];
        double[] theirRates = new double[ROUNDS];
        for (int round = -WARM_UPS; round < ROUNDS; round++) {
            double our = rate(form, ours, TASKS);
            double their = rate(form, glue, form == Form.CALL ? GLUED_CALLS : TASKS);
            if (round >= 0) {
                ourRates[round] = our;
                theirRates[round] = their;
            }
        }
        Jvm.tell("ours_" + form.key(), new Sample(ourRates).median());
        Jvm.tell("glue_" + form.key(), new Sample(theirRates).median());
    }

    /** In million tasks a second. */
    static double rate(Form form, Side side, int tasks) throws Exception {
        long start = System.nanoTime();
        form.run(side, tasks);
        return tasks * 1e3 / (System.nanoTime() - start);
    }

    /** The resource: it counts. For one thread at a time. */
    static final class Session {

        private long uses;

        long use() {
            return ++uses;
        }
    }

    /** How a task is run. */
    enum Form {
        /** Many, whose answers are awaited at their end. */
        ASYNC("async") {
            @Override
            void run(Side side, int tasks) {
                CompletableFuture<?>[] answers = new CompletableFuture<?>[tasks];
                for (int i = 0; i < tasks; i++) {
                    answers[i] = side.async();
                }
                CompletableFuture.allOf(answers).join();
            }
        },
        /** One after the other, each awaited. */
        CALL("blocking call, a worker idle") {
            @Override
            void run(Side side, int tasks) throws Exception {
                for (int i = 0; i < tasks; i++) {
                    Long unused = side.call();
                }
            }
        },
        /** On the thread of the caller. */
        HERE("on the caller's thread") {
            @Override
            void run(Side side, int tasks) throws Exception {
                for (int i = 0; i < tasks; i++) {
                    Long unused = side.here();
                }
            }
        };

        private final String title;

        Form(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** What it is called by in what is measured. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        abstract void run(Side side, int tasks) throws Exception;
    }

    interface Side {

        CompletableFuture<Long> async();

        Long call() throws Exception;

        Long here() throws Exception;
    }

    record Ours(TaskManager<Session, Object> manager) implements Side {

        @Override
        public CompletableFuture<Long> async() {
            return manager.queueTaskAsync((context, session) -> session.use());
        }

        @Override
        public Long call() throws Exception {
            return manager.queueTask((context, session) -> session.use());
        }

        @Override
        public Long here() throws Exception {
            return manager.runTask((context, session) -> session.use());
        }
    }

    private static final class Glue implements Side, AutoCloseable {

        private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
        private final RetryTemplate retries = new RetryTemplate(RetryPolicy.withMaxRetries(3));
        private final GenericObjectPool<Session> pool = new GenericObjectPool<>(new BasePooledObjectFactory<>() {
            @Override
            public Session create() {
                return new Session();
            }

            @Override
            public PooledObject<Session> wrap(Session session) {
                return new DefaultPooledObject<>(session);
            }
        });
        private final Timer wait;
        private final Timer execution;
        private final Counter completed;
        private final Counter failed;

        Glue(MeterRegistry meters) {
            wait = meters.timer("glue.wait");
            execution = meters.timer("glue.execution");
            completed = meters.counter("glue.completed");
            failed = meters.counter("glue.failed");
            pool.setMaxTotal(2);
            executor.setCorePoolSize(2);
            executor.setMaxPoolSize(2);
            executor.setTaskDecorator(new ContextPropagatingTaskDecorator());
            executor.initialize();
        }

        @Override
        public CompletableFuture<Long> async() {
            long queued = System.nanoTime();
            return executor.submitCompletable(() -> run(queued));
        }

        @Override
        public Long call() throws Exception {
            long queued = System.nanoTime();
            return executor.submit(() -> run(queued)).get();
        }

        @Override
        public Long here() throws Exception {
            return run(System.nanoTime());
        }

        private Long run(long queued) throws RetryException {
            long started = System.nanoTime();
            wait.record(started - queued, TimeUnit.NANOSECONDS);
            boolean done = false;
            try {
                Long value = retries.execute(this::attempt);
                done = true;
                return value;
            } finally {
                (done ? completed : failed).increment();
                execution.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
            }
        }

        private Long attempt() throws Exception {
            Session session = pool.borrowObject();
            try {
                return session.use();
            } finally {
                pool.returnObject(session);
            }
        }

        @Override
        public void close() {
            executor.shutdown();
            pool.close();
        }
    }
}

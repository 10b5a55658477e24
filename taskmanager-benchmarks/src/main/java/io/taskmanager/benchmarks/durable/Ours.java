package io.taskmanager.benchmarks.durable;

import io.taskmanager.ResourceFactory;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.DurableTaskRequest;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.TaskType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Durable tasks, each node a Spring Boot application of its own. */
final class Ours implements Side {

    /** How the tables begin whose history is of one round. */
    static final String TABLES = "taskmanager_";

    /** How those begin with a long one. */
    static final String OLD_TABLES = "old_";

    private final String url;
    private final boolean withResult;
    private final String tables;
    private final TaskType<String, String> type;
    private final ConfigurableApplicationContext queuing;
    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

    Ours(String url, boolean withResult, String tables) {
        this.url = url;
        this.withResult = withResult;
        this.tables = tables;
        this.type = withResult ? Node.WITH_RESULT : Node.WITHOUT_RESULT;
        this.queuing = start("taskmanager.durable.worker.enabled=false");
    }

    private ConfigurableApplicationContext start(String property) {
        return new SpringApplicationBuilder(Node.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.datasource.url=" + url,
                        "--spring.datasource.hikari.maximum-pool-size=" + DurableRun.CONNECTIONS,
                        "--taskmanager.durable.enabled=true",
                        "--taskmanager.durable.table-prefix=" + tables,
                        "--taskmanager.durable.polling-interval=" + DurableRun.POLLING_INTERVAL.toMillis() + "ms",
                        "--taskmanager.managers.work.worker-count=" + DurableRun.THREADS,
                        "--taskmanager.managers.work.max-worker-count=" + DurableRun.THREADS,
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=warn",
                        "--" + property);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Node {

        static final TaskType<String, String> WITH_RESULT = TaskType.of("with result", String.class, String.class);
        static final TaskType<String, String> WITHOUT_RESULT = TaskType.of("without", String.class, String.class);

        @Bean
        ResourceFactory<Object> work() {
            return ResourceFactory.of(Object::new, used -> {});
        }

        @Bean
        Handler withResult() {
            return new Handler(WITH_RESULT, "result");
        }

        @Bean
        Handler withoutResult() {
            return new Handler(WITHOUT_RESULT, null);
        }
    }

    record Handler(TaskType<String, String> type, @Nullable String result)
            implements TaskHandler<String, Object, @Nullable String> {

        @Override
        public String manager() {
            return "work";
        }

        @Override
        public @Nullable String handle(DurableTaskContext context, String payload, Object resource) {
            if (payload.isEmpty()) {
                STARTS.add(System.nanoTime());
            }
            return result;
        }
    }

    /** Of tasks without a payload. */
    private static final BlockingQueue<Long> STARTS = new LinkedBlockingQueue<>();

    /** Lines that tell how long after its commit a task has started, on the node that has queued it and has nothing else to do. */
    List<String> latencies(int tasks) {
        List<Long> nanos = new ArrayList<>();
        startNodes(1);
        DurableTaskClient node = nodes.get(0).getBean(DurableTaskClient.class);
        for (int i = -100; i < tasks; i++) {
            node.queueTask(type, "");
            long committed = System.nanoTime();
            long start;
            try {
                start = STARTS.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (i >= 0) {
                nanos.add(Math.max(0, start - committed));
            }
        }
        stopNodes();
        nanos.sort(null);
        return List.of(String.format(
                "%nAn idle node starts a task after its commit within %.1f ms (p50) and %.1f ms (p99) of %d.",
                nanos.get(tasks / 2) / 1e6, nanos.get(tasks * 99 / 100) / 1e6, tasks));
    }

    @Override
    public String name() {
        return "durable tasks, " + (withResult ? "with a result" : "without a result")
                + (tables.equals(OLD_TABLES) ? ", 10⁶ that have ended" : "");
    }

    @Override
    public String table() {
        return tables + "queue";
    }

    private DurableTaskClient client() {
        return queuing.getBean(DurableTaskClient.class);
    }

    @Override
    public void enqueueOneByOne(int tasks) {
        for (int i = 0; i < tasks; i++) {
            client().queueTask(type, "payload");
        }
    }

    @Override
    public void enqueueBatch(int tasks) {
        client().enqueueAll(Collections.nCopies(tasks, DurableTaskRequest.of(type, "payload")));
    }

    @Override
    public void startNodes(int count) {
        for (int i = 0; i < count; i++) {
            nodes.add(start("taskmanager.durable.worker.enabled=true"));
        }
    }

    @Override
    public void stopNodes() {
        nodes.forEach(ConfigurableApplicationContext::close);
        nodes.clear();
    }

    @Override
    public void close() {
        stopNodes();
        queuing.close();
    }
}

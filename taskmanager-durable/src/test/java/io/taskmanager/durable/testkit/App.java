package io.taskmanager.durable.testkit;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** A node of {@link Work}, within this JVM. */
public final class App implements AutoCloseable {

    /** Unless a test says otherwise. */
    private static final String[] DEFAULTS = {
        "taskmanager.durable.enabled=true",
        "taskmanager.managers.work.worker-count=2",
        "taskmanager.managers.work.max-worker-count=2",
        "taskmanager.durable.polling-interval=100ms",
        "taskmanager.durable.retry.backoff.initial=10ms",
        "taskmanager.durable.retry.backoff.max=50ms",
        "spring.main.banner-mode=off"
    };

    private final ConfigurableApplicationContext context;

    private App(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static App start(String url, String... properties) {
        return start(Work.class, url, properties);
    }

    public static App start(Class<?> application, String url, String... properties) {
        String[] all = Stream.concat(Stream.of("spring.datasource.url=" + url), Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        return new App(new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties(DEFAULTS)
                .run(all));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public DurableTaskClient client() {
        return bean(DurableTaskClient.class);
    }

    public Work.Script script() {
        return bean(Work.Script.class);
    }

    public JdbcTemplate jdbc() {
        return bean(JdbcTemplate.class);
    }

    public TransactionTemplate transaction() {
        return bean(TransactionTemplate.class);
    }

    public DurableTask task(TaskId id) {
        return client().find(id).orElseThrow();
    }

    /** Waits for a state. */
    public DurableTask await(TaskId id, DurableTaskState state) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> task(id), task -> task.state() == state);
    }

    @Override
    public void close() {
        context.close();
    }
}

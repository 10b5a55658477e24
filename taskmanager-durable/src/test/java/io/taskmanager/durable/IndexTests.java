package io.taskmanager.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.durable.engine.TaskStore;
import io.taskmanager.durable.testkit.App;
import io.taskmanager.durable.testkit.Database;
import io.taskmanager.durable.testkit.Work;
import io.taskmanager.durable.testkit.Work.Job;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * With 200,000 tasks that wait and as many that have ended, no statement reads a table from end to end. But for the count of what
 * has ended: that reads an entry for each, of an index, or of the table where its rows are as short as they are here.
 */
@Tag("once")
class IndexTests {

    private static final int ROWS = 200_000;

    private static final String COUNT_OF_ENDED =
            "select task_name, state, count(*) from taskmanager_history group by task_name, state";

    /** Each statement that was run, with its values, as PostgreSQL's driver writes it. */
    private static final Set<String> STATEMENTS = new ConcurrentSkipListSet<>();

    @Configuration(proxyBeanMethods = false)
    static class Recorded extends Work {

        @Bean
        static BeanPostProcessor recorder() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource dataSource ? recorded(DataSource.class, dataSource) : bean;
                }
            };
        }
    }

    private static <T> T recorded(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                IndexTests.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> recorded(target, method, arguments)));
    }

    private static Object recorded(Object target, Method method, Object[] arguments) throws Throwable {
        if (target instanceof PreparedStatement statement
                && (method.getName().startsWith("execute") || method.getName().equals("addBatch"))) {
            String sql = statement.unwrap(PreparedStatement.class).toString();
            STATEMENTS.add(sql.substring(sql.indexOf(" wrapping ") < 0 ? 0 : sql.indexOf(" wrapping ") + 10));
        }
        if (target instanceof Statement && method.getName().startsWith("execute") && arguments != null) {
            STATEMENTS.add((String) arguments[0]);
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (result instanceof Connection connection && method.getName().equals("getConnection")) {
            return recorded(Connection.class, connection);
        }
        if (result instanceof PreparedStatement statement) {
            return recorded(PreparedStatement.class, statement);
        }
        return result instanceof Statement statement && target instanceof Connection
                ? recorded(Statement.class, statement)
                : result;
    }

    @Test
    void noStatementReadsATableFromEndToEnd() throws Exception {
        String url = Database.POSTGRESQL.create();
        fill(url);
        try (App app = App.start(
                Recorded.class,
                url,
                "taskmanager.durable.heartbeat-interval=100ms",
                "taskmanager.durable.missed-heartbeats-limit=1000")) {
            useEverything(app);

            List<String> walks = new ArrayList<>();
            List<String> looked = STATEMENTS.stream()
                    .filter(sql -> sql.contains("taskmanager_") && !sql.startsWith("insert"))
                    .toList();
            for (String sql : looked) {
                // An array of bytes is what the driver does not write.
                String plan =
                        String.join("\n", app.jdbc().queryForList("explain " + sql.replace("?", "null"), String.class));
                if (plan.contains("Seq Scan on taskmanager_") && !sql.equals(COUNT_OF_ENDED)) {
                    walks.add(sql + "\n" + plan);
                }
            }
            assertThat(looked)
                    .hasSizeGreaterThan(20)
                    .anyMatch(IndexTests::isHeartbeat)
                    .anyMatch(sql -> sql.startsWith("select task_name, count(*), false from taskmanager_queue"));
            assertThat(walks).isEmpty();
        }
    }

    /** Of another type, which no handler here is for; some of this one, for later. */
    private static void fill(String url) {
        // Indexes are made in less time over rows that are there.
        Database.execute(url, """
                drop index taskmanager_queue_due, taskmanager_queue_picked, taskmanager_history_age, taskmanager_history_state,
                           taskmanager_history_type;
                set synchronous_commit = off;
                insert into taskmanager_queue (task_instance, task_name, task_data, execution_time, picked, version, priority, started)
                select '01900000-0000-7000-8000-' || lpad(n::text, 12, '0'), case when n %% 10 = 0 then 'job' else 'other' end, '{}',
                       case when n %% 10 = 0 then now() + interval '1 year' else now() end, false, 1, case when n %% 3 = 0 then 10 else 0 end,
                       false
                from generate_series(1, %1$d) n;
                insert into taskmanager_history (task_instance, task_name, state, task_key, priority, at_most_once, deliveries,
                                                 execution_time, finished_at)
                select '01910000-0000-7000-8000-' || lpad(n::text, 12, '0'), case when n %% 10 = 0 then 'job' else 'other' end,
                       case when n %% 1000 = 0 then 'LOST' else 'SUCCEEDED' end, n::text, 0, false, 1, now(), now()
                from generate_series(1, %1$d) n;
                insert into taskmanager_keys select 'job', n::text, '01910000-0000-7000-8000-' || lpad(n::text, 12, '0')
                from generate_series(1, %1$d) n;
                """.formatted(ROWS));
        Database.execute(url, Database.script("schema-postgresql.sql"));
        for (String table : List.of("queue", "history", "keys", "recurring")) {
            Database.execute(url, "vacuum analyze taskmanager_" + table);
        }
    }

    private static boolean isHeartbeat(String sql) {
        return sql.startsWith("update taskmanager_queue set last_heartbeat");
    }

    private static void useEverything(App app) throws Exception {
        DurableTaskClient client = app.client();
        app.script().behaviour = (context, job) -> {
            Awaitility.await().until(() -> STATEMENTS.stream().anyMatch(IndexTests::isHeartbeat));
            return "done";
        };
        TaskId id = client.enqueue(
                DurableTaskRequest.builder(Work.JOB, new Job("a")).key("new").build());
        client.await(id, Work.JOB, Duration.ofSeconds(30));
        client.enqueue(
                DurableTaskRequest.builder(Work.JOB, new Job("a")).key("7").build());
        client.await(client.queueTaskWithPriorityOnce(Work.JOB, new Job("once")), Work.JOB, Duration.ofSeconds(30));
        app.script().behaviour = (context, job) -> {
            throw new IllegalStateException("no");
        };
        TaskId dead = client.enqueue(DurableTaskRequest.builder(Work.JOB, new Job("dead"))
                .maxRetries(1)
                .build());
        app.await(dead, DurableTaskState.DEAD_LETTER);
        client.redrive(dead);
        app.await(dead, DurableTaskState.DEAD_LETTER);
        client.cancel(client.enqueue(DurableTaskRequest.builder(Work.JOB, new Job("late"))
                .delay(Duration.ofHours(1))
                .build()));
        for (String type : new String[] {null, "job", "other", "third"}) {
            for (DurableTaskState state : DurableTaskState.values()) {
                client.list(new DurableTaskQuery(type, state, null, 10));
                client.list(new DurableTaskQuery(type, state, dead, 10));
            }
        }
        TaskStore store = app.bean(TaskStore.class);
        store.nodes();
        store.counts();
        store.oldestDue(Set.of("job", "other"), Instant.now());
        new io.taskmanager.durable.engine.RetentionRun(store).run();
    }
}

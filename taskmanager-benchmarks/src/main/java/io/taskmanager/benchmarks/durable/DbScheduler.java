package io.taskmanager.benchmarks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** As its documentation has it for PostgreSQL: lock and fetch, with its schema and its indexes. */
final class DbScheduler implements Side {

    static final String SCHEMA = """
            create table scheduled_tasks (
              task_name text not null,
              task_instance text not null,
              task_data bytea,
              execution_time timestamp with time zone not null,
              picked boolean not null,
              picked_by text,
              last_success timestamp with time zone,
              last_failure timestamp with time zone,
              consecutive_failures int,
              last_heartbeat timestamp with time zone,
              version bigint not null,
              priority smallint,
              primary key (task_name, task_instance)
            );
            create index execution_time_idx on scheduled_tasks (execution_time);
            create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc);
            """;

    private final HikariDataSource dataSource;
    private final OneTimeTask<String> task = Tasks.oneTime("job", String.class).execute((instance, context) -> {});
    private final SchedulerClient client;
    private final List<Scheduler> nodes = new ArrayList<>();

    DbScheduler(HikariDataSource dataSource) {
        this.dataSource = dataSource;
        this.client = SchedulerClient.Builder.create(dataSource, task)
                .enablePriority()
                .build();
    }

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public String table() {
        return "scheduled_tasks";
    }

    private TaskInstance<String> next() {
        return task.instance(UUID.randomUUID().toString(), "payload");
    }

    @Override
    public void enqueueOneByOne(int tasks) {
        for (int i = 0; i < tasks; i++) {
            client.scheduleIfNotExists(next(), Instant.now());
        }
    }

    @Override
    public void enqueueBatch(int tasks) {
        List<TaskInstance<?>> batch = new ArrayList<>();
        IntStream.range(0, tasks).forEach(i -> batch.add(next()));
        client.scheduleBatch(batch, Instant.now());
    }

    @Override
    public void startNodes(int count) {
        for (int i = 0; i < count; i++) {
            Scheduler node = Scheduler.create(dataSource, task)
                    .schedulerName(new SchedulerName.Fixed("node" + i))
                    .threads(DurableRun.THREADS)
                    .pollUsingLockAndFetch(0.5, 1.0)
                    .pollingInterval(DurableRun.POLLING_INTERVAL)
                    .enablePriority()
                    .build();
            nodes.add(node);
            node.start();
        }
    }

    @Override
    public void stopNodes() {
        nodes.forEach(Scheduler::stop);
        nodes.clear();
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

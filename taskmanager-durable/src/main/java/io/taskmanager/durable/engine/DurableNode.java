package io.taskmanager.durable.engine;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.MySQL8JdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import io.taskmanager.TaskManager;
import io.taskmanager.durable.RecurringTask;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What runs tasks on this node: a scheduler for each manager that handlers name, with as many threads as the manager may have
 * workers, since what waits for a thread has no heartbeat, and would be another node's before long.
 *
 * <p>It starts after the managers and stops before them: it takes no more tasks, and waits for those that it has. What is not done
 * by then is interrupted, and queued again, or FAILED if it runs at most once.
 */
public final class DurableNode implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DurableNode.class);

    /** db-scheduler deletes tasks of types that it has not known for so long. Here some other node may know them. */
    private static final Duration NEVER = Duration.ofDays(365_000);

    /** A thread that comes free takes the next at once, where there is more. */
    private static final double REFILL_AT_ONCE = 1 - 1e-9;

    private static final Serializer PLAIN = new Serializer() {
        @Override
        public byte[] serialize(Object data) {
            return (byte[]) data;
        }

        @Override
        public <T> T deserialize(Class<T> type, byte[] data) {
            return type.cast(data);
        }
    };

    private final String name;
    private final DataSource dataSource;
    private final Dialect dialect;
    private final Tables tables;
    private final Handlers handlers;
    private final Function<String, TaskManager<?, ?>> managers;
    private final NodeSettings settings;
    private final NodeParts parts;
    private final RecurringTasks recurring;
    private final Retention retention;

    /** By type, who looks for it. Written by the thread that starts, read by all that queue. */
    private final Map<String, Scheduler> byType = new ConcurrentHashMap<>();

    private volatile List<Scheduler> schedulers = List.of();
    private volatile boolean running;

    public DurableNode(
            String name,
            Schema schema,
            TaskStore store,
            Json json,
            Handlers handlers,
            List<RecurringTask<?>> recurring,
            Function<String, TaskManager<?, ?>> managers,
            NodeSettings settings,
            RetrySettings retry,
            Submission submission,
            Waiters waiters,
            List<OutcomeObserver> observers,
            Clock clock) {
        this.name = name;
        this.dataSource = schema.dataSource();
        this.dialect = schema.dialect();
        this.tables = schema.tables();
        this.handlers = handlers;
        this.managers = managers;
        this.settings = settings;
        this.parts = new NodeParts(
                name,
                store,
                new GroupCommit(store::apply),
                json,
                retry,
                submission,
                waiters,
                clock,
                List.copyOf(observers));
        this.recurring = new RecurringTasks(
                recurring, new DefaultDurableTaskClient(store, json, submission, waiters, clock), json);
        this.retention = new Retention(store, settings.retention(), clock);
        waiters.onQueued(this::trigger);
    }

    private void trigger(String type) {
        Scheduler scheduler = byType.get(type);
        if (scheduler != null) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    @Override
    public void start() {
        List<Scheduler> started = new ArrayList<>();
        handlers.byManager().forEach((manager, handled) -> started.add(scheduler(manager, handled)));
        if (!recurring.isEmpty()) {
            started.add(builder(List.of(), tables.recurring(), "recurring", 1)
                    .startTasks(recurring.tasks()) // and so it knows them
                    .build());
        }
        schedulers = List.copyOf(started);
        started.forEach(Scheduler::start);
        retention.start();
        running = true;
        log.info("Durable tasks run on node {}: {}", name, byType.keySet());
    }

    private Scheduler scheduler(String manager, List<Handlers.Handler<?, ?, ?>> handled) {
        TaskManager<?, ?> taskManager = managers.apply(manager);
        List<Task<?>> tasks = new ArrayList<>();
        handled.forEach(handler -> tasks.add(new HandledTask<>(handler, taskManager, parts)));
        int threads = Math.max(1, taskManager.control().maxWorkers());
        SchedulerBuilder builder =
                builder(tasks, tables.queue(), manager, threads).enablePriority();
        if (dialect == Dialect.POSTGRESQL) {
            builder.jdbcCustomization(
                    new DueByType(tasks.stream().map(Task::getName).toList()));
        }
        Scheduler scheduler = builder.build();
        tasks.forEach(task -> byType.put(task.getName(), scheduler));
        return scheduler;
    }

    private SchedulerBuilder builder(List<? extends Task<?>> tasks, String table, String threadName, int threads) {
        SchedulerBuilder builder = Scheduler.create(dataSource, new ArrayList<>(tasks))
                .schedulerName(new SchedulerName.Fixed(name))
                .tableName(table)
                .serializer(PLAIN)
                .threads(threads)
                .executorService(Executors.newFixedThreadPool(threads, named("durable-" + threadName)))
                .dueExecutor(Executors.newSingleThreadExecutor(named("durable-" + threadName + "-poll")))
                .housekeeperExecutor(Executors.newScheduledThreadPool(2, named("durable-" + threadName + "-heartbeat")))
                .pollingInterval(settings.pollingInterval())
                .heartbeatInterval(settings.heartbeatInterval())
                .missedHeartbeatsLimit(settings.missedHeartbeatsLimit())
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(settings.stopTimeout())
                .commitWhenAutocommitDisabled(true)
                .failureLogging(LogLevel.ERROR, true);
        if (dialect == Dialect.MARIADB) {
            // Its own has no lock-and-fetch, for the sake of versions that could not skip what is locked.
            builder.jdbcCustomization(new MySQL8JdbcCustomization(false));
        }
        return dialect == Dialect.H2
                ? builder.pollUsingFetch(REFILL_AT_ONCE, 1.0)
                : builder.pollUsingLockAndFetch(REFILL_AT_ONCE, 1.0);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> new Thread(task, prefix + "-" + number.incrementAndGet());
    }

    @Override
    public void stop() {
        stopAll().join();
    }

    @Override
    public void stop(Runnable callback) {
        CompletableFuture<Void> unused = stopAll().whenComplete((done, error) -> callback.run());
    }

    /** All at the same time, each with a thread of its own. */
    private CompletableFuture<Void> stopAll() {
        CompletableFuture<?>[] stops = schedulers.stream()
                .map(scheduler ->
                        CompletableFuture.runAsync(scheduler::stop, stop -> new Thread(stop, "durable-stop").start()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(stops).whenComplete((done, error) -> {
            if (error != null) {
                log.error("Node {} failed to stop", name, error);
            }
            retention.stop();
            byType.clear();
            schedulers = List.of();
            running = false;
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return settings.phase();
    }

    /** A context that is paused between tests keeps it, as it does its managers. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** How this node is called in the database: what runs here is {@code picked_by} that. */
    public String name() {
        return name;
    }

    /** How many tasks this node has now. */
    public int runningTasks() {
        return schedulers.stream()
                .mapToInt(scheduler -> scheduler.getCurrentlyExecuting().size())
                .sum();
    }

    /** How many of them have had no heartbeat for so long that another node may take them soon. */
    public int staleHeartbeats() {
        return schedulers.stream()
                .mapToInt(scheduler ->
                        scheduler.getCurrentlyExecutingWithStaleHeartbeat().size())
                .sum();
    }
}

package io.taskmanager.durable.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import io.taskmanager.Backoff;
import io.taskmanager.durable.DurableTaskClient;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.RecurringTask;
import io.taskmanager.durable.engine.DefaultDurableTaskClient;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.Handlers;
import io.taskmanager.durable.engine.Json;
import io.taskmanager.durable.engine.NodeSettings;
import io.taskmanager.durable.engine.OutcomeObserver;
import io.taskmanager.durable.engine.RetrySettings;
import io.taskmanager.durable.engine.Schema;
import io.taskmanager.durable.engine.SetupException;
import io.taskmanager.durable.engine.StoreNumbers;
import io.taskmanager.durable.engine.Submission;
import io.taskmanager.durable.engine.Tables;
import io.taskmanager.durable.engine.TaskStore;
import io.taskmanager.durable.engine.Waiters;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.autoconfigure.TaskManagerAutoConfiguration;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of durable tasks, where {@code taskmanager.durable.enabled} is true, and nobody else queues them. */
@AutoConfiguration(
        after = TaskManagerAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration",
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnBooleanProperty("taskmanager.durable.enabled")
@ConditionalOnMissingBean(DurableTaskClient.class)
@EnableConfigurationProperties({DurableProperties.class, LifecycleProperties.class})
public final class DurableTaskAutoConfiguration {

    private static final int LONGEST_HOST_NAME = 40;

    /** Of the time that Spring allows for the phase: to queue again what was interrupted when the rest was over. */
    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(2);

    /** Managers stop later, by as much. */
    private static final int PHASES_ABOVE_MANAGERS = 1024;

    @Bean
    Schema durableTaskSchema(ObjectProvider<DataSource> dataSources, DurableProperties properties) {
        return new Schema(single(dataSources), new Tables(properties.getTablePrefix()));
    }

    private static DataSource single(ObjectProvider<DataSource> dataSources) {
        DataSource dataSource = dataSources.getIfUnique();
        if (dataSource == null) {
            long count = dataSources.stream().count();
            throw new SetupException(
                    "taskmanager.durable.enabled is true, and there "
                            + (count == 0
                                    ? "is no DataSource."
                                    : "are " + count + " DataSources, none of them primary."),
                    count == 0
                            ? "Set spring.datasource.url, or taskmanager.durable.enabled=false."
                            : "Make the one whose transactions queue tasks @Primary.");
        }
        return dataSource;
    }

    @Bean
    Json durableTaskJson(ObjectProvider<JsonMapper> mapper, DurableProperties properties) {
        long max = properties.getMaxPayloadSize().toBytes();
        if (max < 1 || max > Integer.MAX_VALUE / 2) {
            throw new SetupException(
                    "taskmanager.durable.max-payload-size must be from 1 byte to 1 GB, but was "
                            + properties.getMaxPayloadSize() + ".",
                    "Set another; the default is 1 MB.");
        }
        return new Json(mapper.getIfUnique(JsonMapper::new), (int) max);
    }

    /** Nobody queues before the tables were looked at. */
    @Bean
    @DependsOnDatabaseInitialization
    TaskStore durableTaskStore(Schema schema, Json json) {
        schema.prepare();
        return schema.store(json);
    }

    @Bean
    Waiters durableTaskWaiters() {
        return new Waiters();
    }

    @Bean
    Submission durableTaskSubmission(ObjectProvider<ObservationRegistry> registry) {
        return new Submission(registry.getIfUnique(() -> ObservationRegistry.NOOP));
    }

    @Bean
    DurableTaskClient durableTaskClient(TaskStore store, Json json, Submission submission, Waiters waiters) {
        return new DefaultDurableTaskClient(store, json, submission, waiters, Clock.systemUTC());
    }

    /** What the endpoint and the meters show. */
    @Bean
    StoreNumbers durableTaskNumbers(TaskStore store) {
        return new StoreNumbers(store, Clock.systemUTC());
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "taskmanager.durable.worker.enabled", matchIfMissing = true)
    Handlers durableTaskHandlers(ListableBeanFactory beans, TaskManagerRegistry managers, Json json) {
        return Handlers.of(beans, managers.names(), json);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "taskmanager.durable.worker.enabled", matchIfMissing = true)
    DurableNode durableTaskNode(
            Schema schema,
            TaskStore store,
            Json json,
            Submission submission,
            Waiters waiters,
            Handlers handlers,
            ObjectProvider<OutcomeObserver> observers,
            ObjectProvider<RecurringTask<?>> recurring,
            TaskManagerRegistry managers,
            DurableProperties properties,
            TaskManagerProperties managerProperties,
            LifecycleProperties lifecycle) {
        return new DurableNode(
                nodeName(),
                schema,
                store,
                json,
                handlers,
                recurring.orderedStream().toList(),
                managers::get,
                settings(properties, lifecycle.getTimeoutPerShutdownPhase(), managerProperties.getLifecyclePhase()),
                retry(properties.getRetry()),
                submission,
                waiters,
                observers.orderedStream().toList(),
                Clock.systemUTC());
    }

    private static String nodeName() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown-host";
        }
        return nodeName(host, ProcessHandle.current().pid());
    }

    /** Of a long host name the end: there the replicas of one service differ. */
    static String nodeName(String host, long pid) {
        return host.substring(Math.max(0, host.length() - LONGEST_HOST_NAME)) + ":" + pid;
    }

    private static NodeSettings settings(DurableProperties properties, Duration phaseTimeout, int managersPhase) {
        positive("polling-interval", properties.getPollingInterval());
        positive("heartbeat-interval", properties.getHeartbeatInterval());
        if (properties.getMissedHeartbeatsLimit() < NodeSettings.MIN_MISSED_HEARTBEATS) {
            throw new SetupException(
                    "taskmanager.durable.missed-heartbeats-limit must be at least " + NodeSettings.MIN_MISSED_HEARTBEATS
                            + ", but was " + properties.getMissedHeartbeatsLimit() + ".",
                    "Raise it, or shorten heartbeat-interval: a node is taken for dead after both multiplied.");
        }
        DurableProperties.Retention retention = properties.getRetention();
        return new NodeSettings(
                properties.getPollingInterval(),
                properties.getHeartbeatInterval(),
                properties.getMissedHeartbeatsLimit(),
                phaseTimeout.minus(min(phaseTimeout.dividedBy(3), LONGEST_RESERVE)),
                managersPhase + PHASES_ABOVE_MANAGERS,
                Map.of(
                        DurableTaskState.SUCCEEDED, positive("retention.succeeded", retention.getSucceeded()),
                        DurableTaskState.FAILED, positive("retention.failed", retention.getFailed()),
                        DurableTaskState.DEAD_LETTER, positive("retention.dead-letter", retention.getDeadLetter()),
                        DurableTaskState.LOST, positive("retention.lost", retention.getLost()),
                        DurableTaskState.CANCELLED, positive("retention.cancelled", retention.getCancelled())));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration positive(String name, Duration value) {
        if (value.toMillis() < 1) {
            throw new SetupException(
                    "taskmanager.durable." + name + " must be at least 1 ms, but was " + value + ".",
                    "Set a longer time, such as 10s.");
        }
        return value;
    }

    private static RetrySettings retry(DurableProperties.Retry retry) {
        DurableProperties.BackoffSettings backoff = retry.getBackoff();
        if (retry.getMaxRetries() < 0) {
            throw new SetupException(
                    "taskmanager.durable.retry.max-retries must not be negative, but was " + retry.getMaxRetries()
                            + ".",
                    "Use 0 for no retries.");
        }
        try {
            return new RetrySettings(
                    retry.getMaxRetries(),
                    new Backoff(backoff.getInitial(), backoff.getMultiplier(), backoff.getMax(), backoff.getJitter()));
        } catch (IllegalArgumentException e) {
            throw new SetupException(
                    "taskmanager.durable.retry.backoff is wrong: " + e.getMessage() + ".", "Correct that setting.", e);
        }
    }
}

package io.taskmanager.spring.actuate;

import io.taskmanager.Backoff;
import io.taskmanager.OverflowPolicy;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The settings of a manager that are values; see {@link TaskManagerConfig} for each. Null: not set, and not bounded. */
public record ConfigDescriptor(
        int workerCount,
        int maxWorkerCount,
        Duration burstInterval,
        @Nullable Duration scaleDownDelay,
        int maxRetries,
        Backoff retryBackoff,
        @Nullable Integer resourcePoolSize,
        int maxTemporaryResources,
        @Nullable Integer maxResources,
        Duration acquireTimeout,
        int queueCapacity,
        int priorityQueueCapacity,
        OverflowPolicy overflowPolicy,
        @Nullable Duration enqueueTimeout,
        boolean lending,
        int priorityBurstLimit,
        @Nullable Duration taskTimeout,
        @Nullable Duration queueTimeout,
        @Nullable Duration deadline,
        StartupPolicy startupPolicy,
        Duration stopTimeout,
        Duration stuckTaskGrace,
        @Nullable Duration resourceMaxAge,
        int resourceMaxUses,
        @Nullable Duration resourceIdleValidation,
        Duration creationTimeout,
        Duration validationTimeout,
        Duration destructionTimeout,
        Backoff creationBackoff) {

    static ConfigDescriptor of(TaskManagerConfig<?> config) {
        return new ConfigDescriptor(
                config.workerCount(),
                config.maxWorkerCount(),
                config.burstInterval(),
                config.scaleDownDelay().orElse(null),
                config.maxRetries(),
                config.retryBackoff(),
                orNull(config.resourcePoolSize()),
                config.maxTemporaryResources(),
                orNull(config.maxResources()),
                config.acquireTimeout(),
                config.queueCapacity(),
                config.priorityQueueCapacity(),
                config.overflowPolicy(),
                config.enqueueTimeout().orElse(null),
                config.lending(),
                config.priorityBurstLimit(),
                config.taskTimeout().orElse(null),
                config.queueTimeout().orElse(null),
                config.deadline().orElse(null),
                config.startupPolicy(),
                config.stopTimeout(),
                config.stuckTaskGrace(),
                config.resourceMaxAge().orElse(null),
                config.resourceMaxUses(),
                config.resourceIdleValidation().orElse(null),
                config.creationTimeout(),
                config.validationTimeout(),
                config.destructionTimeout(),
                config.creationBackoff());
    }

    private static @Nullable Integer orNull(OptionalInt setting) {
        return setting.isPresent() ? setting.getAsInt() : null;
    }
}

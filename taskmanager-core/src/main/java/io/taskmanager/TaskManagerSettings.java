package io.taskmanager;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The settings of a manager with their defaults: written by one builder, then copied and never written again. */
final class TaskManagerSettings<R> implements Cloneable {

    /** Keeps each duration within a long of nanoseconds. */
    static final long MAX_SECONDS = 100L * 365 * 24 * 3600;

    private static final int DEFAULT_CAPACITY = 10_000;
    private static final int MAX_CAPACITY = 1 << 30;
    private static final int MAX_WORKERS = 1_000_000;

    final ResourceFactory<R> resourceFactory;
    String name = "taskmanager";

    @Nullable
    Integer workerCount;

    @Nullable
    Integer maxWorkerCount;

    Duration burstInterval = Duration.ofMillis(100);
    int maxRetries = 3;
    Backoff retryBackoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(10));

    @Nullable
    Integer resourcePoolSize;

    @Nullable
    Integer maxTemporaryResources;

    Duration acquireTimeout = Duration.ofSeconds(30);
    HealthCheck healthCheck = error -> true;

    @Nullable
    Logger logger;

    @Nullable
    MetricsCollector collector;

    int queueCapacity = DEFAULT_CAPACITY;
    int priorityQueueCapacity = DEFAULT_CAPACITY;
    OverflowPolicy overflowPolicy = OverflowPolicy.BLOCK;

    @Nullable
    Duration enqueueTimeout;

    boolean lending = true;
    StartupPolicy startupPolicy = StartupPolicy.FAIL_FAST;
    int priorityBurstLimit;

    @Nullable
    Duration taskTimeout;

    @Nullable
    Duration queueTimeout;

    Duration stopTimeout = Duration.ofSeconds(30);
    Duration stuckTaskGrace = Duration.ofSeconds(10);

    @Nullable
    ThreadFactory threadFactory;

    @Nullable
    Executor callbackExecutor;

    @Nullable
    ScalingPolicy scalingPolicy;

    @Nullable
    TaskManagerListener listener;

    @Nullable
    TaskDecorator taskDecorator;

    @Nullable
    Duration resourceMaxAge;

    int resourceMaxUses;

    @Nullable
    Duration resourceIdleValidation;

    Duration creationTimeout = Duration.ofSeconds(30);
    Duration validationTimeout = Duration.ofSeconds(5);
    Duration destructionTimeout = Duration.ofSeconds(10);
    Backoff creationBackoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));

    @Nullable
    ResourceHealthCheck<? super R> resourceHealthCheck;

    @Nullable
    RetryPolicy retryPolicy;

    @Nullable
    Duration deadline;

    @Nullable
    Duration scaleDownDelay;

    @Nullable
    Integer maxResources;

    TaskManagerSettings(ResourceFactory<R> resourceFactory) {
        this.resourceFactory = resourceFactory;
    }

    /**
     * A copy, with the defaults that depend on other settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and the cure
     */
    TaskManagerSettings<R> checked() {
        check(!name.isBlank(), "name", "\"" + name + "\"", "must not be blank");
        if (workerCount == null) {
            throw new IllegalArgumentException("workerCount is not set; give the number of workers, at least 1");
        }
        int base = workerCount;
        check(base >= 1 && base <= MAX_WORKERS, "workerCount", base, "must be from 1 to " + MAX_WORKERS);
        int max = maxWorkerCount == null ? Math.min(2 * base, MAX_WORKERS) : maxWorkerCount;
        check(
                max >= base && max <= MAX_WORKERS,
                "maxWorkerCount",
                max,
                "must be from workerCount (" + base + ") to " + MAX_WORKERS);
        checkDuration("burstInterval", burstInterval);
        check(
                burstInterval.isZero() || burstInterval.toMillis() >= 1,
                "burstInterval",
                burstInterval,
                "must be at least 1 ms, or zero to turn scaling off");
        check(maxRetries >= 0, "maxRetries", maxRetries, "must not be negative; use 0 for no retries");
        if (resourcePoolSize != null) {
            check(resourcePoolSize >= 0, "resourcePoolSize", resourcePoolSize, "must not be negative");
            check(
                    resourcePoolSize == 0 || !resourceFactory.threadBound(),
                    "resourcePoolSize",
                    resourcePoolSize,
                    "can't be used with a thread-bound factory, whose resources can't be pooled; leave it out");
        }
        if (maxTemporaryResources != null) {
            check(maxTemporaryResources >= 0, "maxTemporaryResources", maxTemporaryResources, "must not be negative");
        }
        checkDuration("acquireTimeout", acquireTimeout);
        checkCapacity("queueCapacity", queueCapacity);
        checkCapacity("priorityQueueCapacity", priorityQueueCapacity);
        if (enqueueTimeout != null) {
            checkDuration("enqueueTimeout", enqueueTimeout);
            check(
                    overflowPolicy == OverflowPolicy.BLOCK,
                    "enqueueTimeout",
                    enqueueTimeout,
                    "only applies to overflowPolicy BLOCK, but that is " + overflowPolicy + "; leave one of them out");
        }
        check(
                priorityBurstLimit >= 0,
                "priorityBurstLimit",
                priorityBurstLimit,
                "must not be negative; use 0 for strict priority");
        checkLimit("resourceMaxAge", resourceMaxAge);
        checkLimit("resourceIdleValidation", resourceIdleValidation);
        check(resourceMaxUses >= 0, "resourceMaxUses", resourceMaxUses, "must not be negative; use 0 for any number");
        checkLimit("taskTimeout", taskTimeout);
        checkLimit("queueTimeout", queueTimeout);
        checkDuration("creationTimeout", creationTimeout);
        checkDuration("validationTimeout", validationTimeout);
        checkDuration("destructionTimeout", destructionTimeout);
        checkDuration("creationBackoff.max", creationBackoff.max());
        checkDuration("stopTimeout", stopTimeout);
        checkDuration("stuckTaskGrace", stuckTaskGrace);
        checkLimit("deadline", deadline);
        if (scaleDownDelay != null) {
            checkDuration("scaleDownDelay", scaleDownDelay);
            check(
                    scalingPolicy == null,
                    "scaleDownDelay",
                    scaleDownDelay,
                    "only applies to the default scalingPolicy, but another is set; leave one of them out");
        }
        if (maxResources != null) {
            int pooled = resourcePoolSize == null ? 0 : resourcePoolSize;
            check(
                    maxResources >= (long) max + pooled,
                    "maxResources",
                    maxResources,
                    "must be at least maxWorkerCount (" + max + ") and resourcePoolSize (" + pooled + ") together");
        }
        TaskManagerSettings<R> checked = copy();
        checked.maxWorkerCount = max;
        checked.maxTemporaryResources = maxTemporaryResources == null ? max : maxTemporaryResources;
        return checked;
    }

    @SuppressWarnings("unchecked") // a clone has its class
    private TaskManagerSettings<R> copy() {
        try {
            return (TaskManagerSettings<R>) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    private static void checkCapacity(String setting, int value) {
        check(value >= 1 && value <= MAX_CAPACITY, setting, value, "must be from 1 to " + MAX_CAPACITY);
    }

    private static void checkLimit(String setting, @Nullable Duration value) {
        if (value != null) {
            checkDuration(setting, value);
            check(!value.isZero(), setting, value, "must be positive; leave it out for no limit");
        }
    }

    private static void checkDuration(String setting, Duration value) {
        check(!value.isNegative(), setting, value, "must not be negative");
        check(value.toSeconds() <= MAX_SECONDS, setting, value, "must be at most 100 years");
    }

    private static void check(boolean holds, String setting, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(setting + " " + rule + ", but was " + value);
        }
    }
}

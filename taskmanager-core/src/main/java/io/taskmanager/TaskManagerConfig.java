package io.taskmanager;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one manager. Immutable; everything is checked in {@link Builder#build()}, and nothing is corrected
 * silently.
 *
 * @param <R> the resource
 */
public final class TaskManagerConfig<R> {

    /** Keeps each duration within a long of nanoseconds. */
    static final long MAX_SECONDS = 100L * 365 * 24 * 3600;

    private final ResourceFactory<R> resourceFactory;
    private final String name;
    private final int workerCount;
    private final int maxWorkerCount;
    private final Duration burstInterval;
    private final int maxRetries;
    private final Backoff retryBackoff;
    private final @Nullable Integer resourcePoolSize;
    private final int maxTemporaryResources;
    private final Duration acquireTimeout;
    private final HealthCheck healthCheck;
    private final @Nullable ResourceHealthCheck<? super R> resourceHealthCheck;
    private final @Nullable RetryPolicy retryPolicy;
    private final @Nullable Duration deadline;
    private final @Nullable Duration scaleDownDelay;
    private final @Nullable Integer maxResources;
    private final @Nullable Logger logger;
    private final @Nullable MetricsCollector collector;
    private final int queueCapacity;
    private final int priorityQueueCapacity;
    private final OverflowPolicy overflowPolicy;
    private final @Nullable Duration enqueueTimeout;
    private final boolean lending;
    private final StartupPolicy startupPolicy;
    private final int priorityBurstLimit;
    private final @Nullable Duration taskTimeout;
    private final @Nullable Duration queueTimeout;
    private final Duration stopTimeout;
    private final Duration stuckTaskGrace;
    private final @Nullable ThreadFactory threadFactory;
    private final @Nullable Executor callbackExecutor;
    private final @Nullable ScalingPolicy scalingPolicy;
    private final @Nullable TaskManagerListener listener;
    private final @Nullable TaskDecorator taskDecorator;
    private final @Nullable Duration resourceMaxAge;
    private final int resourceMaxUses;
    private final @Nullable Duration resourceIdleValidation;
    private final Duration creationTimeout;
    private final Duration validationTimeout;
    private final Duration destructionTimeout;
    private final Backoff creationBackoff;

    private TaskManagerConfig(Builder<R> builder, int workerCount, int maxWorkerCount) {
        this.resourceFactory = builder.resourceFactory;
        this.name = builder.name;
        this.workerCount = workerCount;
        this.maxWorkerCount = maxWorkerCount;
        this.burstInterval = builder.burstInterval;
        this.maxRetries = builder.maxRetries;
        this.retryBackoff = builder.retryBackoff;
        this.resourcePoolSize = builder.resourcePoolSize;
        this.maxTemporaryResources =
                builder.maxTemporaryResources == null ? maxWorkerCount : builder.maxTemporaryResources;
        this.acquireTimeout = builder.acquireTimeout;
        this.healthCheck = builder.healthCheck;
        this.logger = builder.logger;
        this.collector = builder.collector;
        this.queueCapacity = builder.queueCapacity;
        this.priorityQueueCapacity = builder.priorityQueueCapacity;
        this.overflowPolicy = builder.overflowPolicy;
        this.enqueueTimeout = builder.enqueueTimeout;
        this.lending = builder.lending;
        this.startupPolicy = builder.startupPolicy;
        this.priorityBurstLimit = builder.priorityBurstLimit;
        this.taskTimeout = builder.taskTimeout;
        this.queueTimeout = builder.queueTimeout;
        this.stopTimeout = builder.stopTimeout;
        this.stuckTaskGrace = builder.stuckTaskGrace;
        this.threadFactory = builder.threadFactory;
        this.callbackExecutor = builder.callbackExecutor;
        this.scalingPolicy = builder.scalingPolicy;
        this.listener = builder.listener;
        this.taskDecorator = builder.taskDecorator;
        this.resourceMaxAge = builder.resourceMaxAge;
        this.resourceMaxUses = builder.resourceMaxUses;
        this.resourceIdleValidation = builder.resourceIdleValidation;
        this.creationTimeout = builder.creationTimeout;
        this.validationTimeout = builder.validationTimeout;
        this.destructionTimeout = builder.destructionTimeout;
        this.creationBackoff = builder.creationBackoff;
        this.resourceHealthCheck = builder.resourceHealthCheck;
        this.retryPolicy = builder.retryPolicy;
        this.deadline = builder.deadline;
        this.scaleDownDelay = builder.scaleDownDelay;
        this.maxResources = builder.maxResources;
    }

    /** Starts a config; {@link Builder#workerCount} must be set, all else has a default. */
    public static <R> Builder<R> builder(ResourceFactory<R> resourceFactory) {
        return new Builder<>(resourceFactory);
    }

    /** Creates, checks and destroys the resources. */
    public ResourceFactory<R> resourceFactory() {
        return resourceFactory;
    }

    /** The manager's name, in threads, logs and error messages. */
    public String name() {
        return name;
    }

    /** The workers kept at all times. */
    public int workerCount() {
        return workerCount;
    }

    /** The most workers, base and burst, those whose resource is being created included. */
    public int maxWorkerCount() {
        return maxWorkerCount;
    }

    /** How often the number of workers is decided anew; zero: never, it stays at {@link #workerCount()}. */
    public Duration burstInterval() {
        return burstInterval;
    }

    /** How often a task is retried at most; 0: never. See {@link #retryPolicy()}. */
    public int maxRetries() {
        return maxRetries;
    }

    /** How long a task waits before it is retried. */
    public Backoff retryBackoff() {
        return retryBackoff;
    }

    /**
     * The pool of {@link TaskManager#runTask}: if set, filled at start; if not, it grows on demand up to
     * {@link #workerCount()}.
     */
    public OptionalInt resourcePoolSize() {
        return resourcePoolSize == null ? OptionalInt.empty() : OptionalInt.of(resourcePoolSize);
    }

    /** The most temporary resources that {@link TaskManager#runTask} has at a time. */
    public int maxTemporaryResources() {
        return maxTemporaryResources;
    }

    /**
     * How long {@link TaskManager#runTask} waits for a resource, and how long a blocking form waits in an outage or a pause
     * before it is refused.
     */
    public Duration acquireTimeout() {
        return acquireTimeout;
    }

    /** Decides which errors mean that a resource is broken, unless there is a {@link #resourceHealthCheck()}. */
    public HealthCheck healthCheck() {
        return healthCheck;
    }

    /** Decides that with the resource in hand; empty: {@link #healthCheck()} does. */
    public Optional<ResourceHealthCheck<? super R>> resourceHealthCheck() {
        return Optional.ofNullable(resourceHealthCheck);
    }

    /** Decides which errors are worth another try; empty: those that mean that the resource is broken. */
    public Optional<RetryPolicy> retryPolicy() {
        return Optional.ofNullable(retryPolicy);
    }

    /** How long each task may take from its submission to its end, in its lane and in all attempts; empty: without bound. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** How long there must be an idle worker and no backlog before workers go; empty: as the scaling policy sees fit. */
    public Optional<Duration> scaleDownDelay() {
        return Optional.ofNullable(scaleDownDelay);
    }

    /**
     * The most resources at a time, those of workers and of {@link TaskManager#runTask} together; empty: up to
     * {@link #maxWorkerCount()}, the pool's and {@link #maxTemporaryResources()} together.
     */
    public OptionalInt maxResources() {
        return maxResources == null ? OptionalInt.empty() : OptionalInt.of(maxResources);
    }

    /** Where the manager logs; empty: the JDK's {@link System.Logger} named {@code io.taskmanager.<name>}. */
    public Optional<Logger> logger() {
        return Optional.ofNullable(logger);
    }

    /** Gathers metrics; empty: a collector of the manager's own, in fixed memory. */
    public Optional<MetricsCollector> collector() {
        return Optional.ofNullable(collector);
    }

    /** The room of the main lane, in tasks. */
    public int queueCapacity() {
        return queueCapacity;
    }

    /** The room of the priority lane, in tasks. */
    public int priorityQueueCapacity() {
        return priorityQueueCapacity;
    }

    /** What a blocking form does when its lane is full. */
    public OverflowPolicy overflowPolicy() {
        return overflowPolicy;
    }

    /** How long a blocking form waits for room under {@link OverflowPolicy#BLOCK}; empty: without bound. */
    public Optional<Duration> enqueueTimeout() {
        return Optional.ofNullable(enqueueTimeout);
    }

    /** Whether a blocking form may run its task on its caller's thread, with the resource of an idle worker. */
    public boolean lending() {
        return lending;
    }

    /** How many priority tasks in a row let one main task through; 0: as many as there are. */
    public int priorityBurstLimit() {
        return priorityBurstLimit;
    }

    /** How long each attempt of a task may run; empty: without bound. */
    public Optional<Duration> taskTimeout() {
        return Optional.ofNullable(taskTimeout);
    }

    /** How long a task may wait for its first start; empty: without bound. */
    public Optional<Duration> queueTimeout() {
        return Optional.ofNullable(queueTimeout);
    }

    /** What the manager's creation does about its first resource. */
    public StartupPolicy startupPolicy() {
        return startupPolicy;
    }

    /** How long {@link TaskManager#close()} drains before it kills. */
    public Duration stopTimeout() {
        return stopTimeout;
    }

    /** How long a task that was timed out, cancelled or killed may ignore its interrupt before it is abandoned. */
    public Duration stuckTaskGrace() {
        return stuckTaskGrace;
    }

    /** Makes the workers' threads; empty: non-daemon platform threads named {@code <name>-worker-<n>}. */
    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(threadFactory);
    }

    /**
     * Runs callbacks; empty: an executor of the manager's own, of daemon threads (virtual ones on Java 21 and up), for which
     * at most {@code 2 × (queueCapacity + priorityQueueCapacity) + maxWorkerCount} callbacks may wait, those of tasks that
     * have not ended included.
     */
    public Optional<Executor> callbackExecutor() {
        return Optional.ofNullable(callbackExecutor);
    }

    /** Decides the number of workers; empty: the default policy. */
    public Optional<ScalingPolicy> scalingPolicy() {
        return Optional.ofNullable(scalingPolicy);
    }

    /** Told of what happens in the manager; empty: nobody. */
    public Optional<TaskManagerListener> listener() {
        return Optional.ofNullable(listener);
    }

    /** Wraps each task at its submission; empty: none is wrapped. */
    public Optional<TaskDecorator> taskDecorator() {
        return Optional.ofNullable(taskDecorator);
    }

    /** How old a resource may grow before it is replaced; empty: as old as it likes. */
    public Optional<Duration> resourceMaxAge() {
        return Optional.ofNullable(resourceMaxAge);
    }

    /** How many tasks may use a resource before it is replaced; 0: any number. */
    public int resourceMaxUses() {
        return resourceMaxUses;
    }

    /** How long a resource may be idle before it is validated at its next use; empty: never validated for that. */
    public Optional<Duration> resourceIdleValidation() {
        return Optional.ofNullable(resourceIdleValidation);
    }

    /** How long a creation of a resource may take before it is interrupted and has failed; zero: any time. */
    public Duration creationTimeout() {
        return creationTimeout;
    }

    /** How long a validation, reset or health check may take before it is interrupted and its resource is unfit; zero: any time. */
    public Duration validationTimeout() {
        return validationTimeout;
    }

    /** How long a destruction may take before it is interrupted; zero: any time. */
    public Duration destructionTimeout() {
        return destructionTimeout;
    }

    /** How long the next creation of a resource waits after each one that failed. */
    public Backoff creationBackoff() {
        return creationBackoff;
    }

    /** Builds a {@link TaskManagerConfig}; each method says its setting's default. Not for several threads at a time. */
    public static final class Builder<R> {

        private static final int DEFAULT_CAPACITY = 10_000;
        private static final int MAX_CAPACITY = 1 << 30;
        private static final int MAX_WORKERS = 1_000_000;

        private final ResourceFactory<R> resourceFactory;
        private String name = "taskmanager";
        private @Nullable Integer workerCount;
        private @Nullable Integer maxWorkerCount;
        private Duration burstInterval = Duration.ofMillis(100);
        private int maxRetries = 3;
        private Backoff retryBackoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(10));
        private @Nullable Integer resourcePoolSize;
        private @Nullable Integer maxTemporaryResources;
        private Duration acquireTimeout = Duration.ofSeconds(30);
        private HealthCheck healthCheck = error -> true;
        private @Nullable Logger logger;
        private @Nullable MetricsCollector collector;
        private int queueCapacity = DEFAULT_CAPACITY;
        private int priorityQueueCapacity = DEFAULT_CAPACITY;
        private OverflowPolicy overflowPolicy = OverflowPolicy.BLOCK;
        private @Nullable Duration enqueueTimeout;
        private boolean lending = true;
        private StartupPolicy startupPolicy = StartupPolicy.FAIL_FAST;
        private int priorityBurstLimit;
        private @Nullable Duration taskTimeout;
        private @Nullable Duration queueTimeout;
        private Duration stopTimeout = Duration.ofSeconds(30);
        private Duration stuckTaskGrace = Duration.ofSeconds(10);
        private @Nullable ThreadFactory threadFactory;
        private @Nullable Executor callbackExecutor;
        private @Nullable ScalingPolicy scalingPolicy;
        private @Nullable TaskManagerListener listener;
        private @Nullable TaskDecorator taskDecorator;
        private @Nullable Duration resourceMaxAge;
        private int resourceMaxUses;
        private @Nullable Duration resourceIdleValidation;
        private Duration creationTimeout = Duration.ofSeconds(30);
        private Duration validationTimeout = Duration.ofSeconds(5);
        private Duration destructionTimeout = Duration.ofSeconds(10);
        private Backoff creationBackoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
        private @Nullable ResourceHealthCheck<? super R> resourceHealthCheck;
        private @Nullable RetryPolicy retryPolicy;
        private @Nullable Duration deadline;
        private @Nullable Duration scaleDownDelay;
        private @Nullable Integer maxResources;

        private Builder(ResourceFactory<R> resourceFactory) {
            this.resourceFactory = Objects.requireNonNull(resourceFactory, "resourceFactory");
        }

        /** The manager's name: "taskmanager". Not blank. */
        public Builder<R> name(String name) {
            this.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** The workers kept at all times: required, at least 1. */
        public Builder<R> workerCount(int workerCount) {
            this.workerCount = workerCount;
            return this;
        }

        /** The most workers: twice {@code workerCount}. At least {@code workerCount}. */
        public Builder<R> maxWorkerCount(int maxWorkerCount) {
            this.maxWorkerCount = maxWorkerCount;
            return this;
        }

        /** How often the number of workers is decided anew: 100 ms. Zero turns scaling off; else at least 1 ms. */
        public Builder<R> burstInterval(Duration burstInterval) {
            this.burstInterval = Objects.requireNonNull(burstInterval, "burstInterval");
            return this;
        }

        /** How often a task is retried: 3. Zero turns retries off. */
        public Builder<R> maxRetries(int maxRetries) {
            this.maxRetries = maxRetries;
            return this;
        }

        /** How long a task waits before each retry: from 100 ms, doubling, to 10 s, with a jitter of 0.2. */
        public Builder<R> retryBackoff(Backoff retryBackoff) {
            this.retryBackoff = Objects.requireNonNull(retryBackoff, "retryBackoff");
            return this;
        }

        /**
         * The pool of {@code runTask}, filled at start: not set, which lets the pool grow on demand up to
         * {@code workerCount}. Zero: no pool, every resource of {@code runTask} is temporary.
         */
        public Builder<R> resourcePoolSize(int resourcePoolSize) {
            this.resourcePoolSize = resourcePoolSize;
            return this;
        }

        /** The most temporary resources of {@code runTask} at a time: {@code maxWorkerCount}. Zero: none. */
        public Builder<R> maxTemporaryResources(int maxTemporaryResources) {
            this.maxTemporaryResources = maxTemporaryResources;
            return this;
        }

        /**
         * How long {@code runTask} waits for a resource: 30 s. Zero: not at all. Also how long a blocking form waits while
         * the manager can create no resource, or is paused; then its task, if it does not run, is refused.
         */
        public Builder<R> acquireTimeout(Duration acquireTimeout) {
            this.acquireTimeout = Objects.requireNonNull(acquireTimeout, "acquireTimeout");
            return this;
        }

        /** Decides which errors mean that a resource is broken: none does. */
        public Builder<R> healthCheck(HealthCheck healthCheck) {
            this.healthCheck = Objects.requireNonNull(healthCheck, "healthCheck");
            return this;
        }

        /** Decides that with the resource in hand: not set. Is asked in place of {@code healthCheck}. */
        public Builder<R> resourceHealthCheck(ResourceHealthCheck<? super R> resourceHealthCheck) {
            this.resourceHealthCheck = Objects.requireNonNull(resourceHealthCheck, "resourceHealthCheck");
            return this;
        }

        /**
         * Decides which errors are worth another try, up to {@code maxRetries}: those that mean that the resource is broken.
         * With one that is set here, a task whose resource is broken and that is not to be retried fails at once, and one
         * that ran longer than its timeout can be retried.
         */
        public Builder<R> retryPolicy(RetryPolicy retryPolicy) {
            this.retryPolicy = Objects.requireNonNull(retryPolicy, "retryPolicy");
            return this;
        }

        /**
         * How long each task may take from its submission to its end, in its lane and in all attempts together, unless its
         * options have a deadline: without bound.
         */
        public Builder<R> deadline(Duration deadline) {
            this.deadline = Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /**
         * How long there must be an idle worker and no backlog before workers go: the default policy's, which is twice as
         * long as a resource takes to create, from 1 s to 60 s. Not with a {@code scalingPolicy} of one's own, which decides
         * that itself.
         */
        public Builder<R> scaleDownDelay(Duration scaleDownDelay) {
            this.scaleDownDelay = Objects.requireNonNull(scaleDownDelay, "scaleDownDelay");
            return this;
        }

        /**
         * The most resources at a time: those of workers, of the pool and temporary ones together, as they come from
         * {@code maxWorkerCount}, {@code resourcePoolSize} and {@code maxTemporaryResources}. With less than that sum,
         * {@code runTask} has what {@code maxWorkerCount} leaves, perhaps none. At least {@code maxWorkerCount} and
         * {@code resourcePoolSize} together.
         */
        public Builder<R> maxResources(int maxResources) {
            this.maxResources = maxResources;
            return this;
        }

        /** Where the manager logs: the JDK's {@link System.Logger} named {@code io.taskmanager.<name>}. */
        public Builder<R> logger(Logger logger) {
            this.logger = Objects.requireNonNull(logger, "logger");
            return this;
        }

        /** Gathers metrics: a collector of the manager's own, in fixed memory. */
        public Builder<R> collector(MetricsCollector collector) {
            this.collector = Objects.requireNonNull(collector, "collector");
            return this;
        }

        /** The room of the main lane: 10 000 tasks. At least 1. */
        public Builder<R> queueCapacity(int queueCapacity) {
            this.queueCapacity = queueCapacity;
            return this;
        }

        /** The room of the priority lane: 10 000 tasks. At least 1. */
        public Builder<R> priorityQueueCapacity(int priorityQueueCapacity) {
            this.priorityQueueCapacity = priorityQueueCapacity;
            return this;
        }

        /** What a blocking form does when its lane is full: {@link OverflowPolicy#BLOCK}. */
        public Builder<R> overflowPolicy(OverflowPolicy overflowPolicy) {
            this.overflowPolicy = Objects.requireNonNull(overflowPolicy, "overflowPolicy");
            return this;
        }

        /** How long a blocking form waits for room: without bound. Only with {@link OverflowPolicy#BLOCK}. */
        public Builder<R> enqueueTimeout(Duration enqueueTimeout) {
            this.enqueueTimeout = Objects.requireNonNull(enqueueTimeout, "enqueueTimeout");
            return this;
        }

        /**
         * Whether a blocking form that finds a worker idle runs its task on its caller's own thread, with that worker's
         * resource: true. With false, every task runs on a worker's thread, and an interrupt of the caller cancels the task
         * rather than reaching it.
         */
        public Builder<R> lending(boolean lending) {
            this.lending = lending;
            return this;
        }

        /** What the manager's creation does about its first resource: {@link StartupPolicy#FAIL_FAST}. */
        public Builder<R> startupPolicy(StartupPolicy startupPolicy) {
            this.startupPolicy = Objects.requireNonNull(startupPolicy, "startupPolicy");
            return this;
        }

        /** How many priority tasks in a row let one main task through: 0, which is strict priority. */
        public Builder<R> priorityBurstLimit(int priorityBurstLimit) {
            this.priorityBurstLimit = priorityBurstLimit;
            return this;
        }

        /** How long each attempt of a task may run, unless its options say otherwise: without bound. */
        public Builder<R> taskTimeout(Duration taskTimeout) {
            this.taskTimeout = Objects.requireNonNull(taskTimeout, "taskTimeout");
            return this;
        }

        /** How long a task may wait for its first start, unless its options say otherwise: without bound. */
        public Builder<R> queueTimeout(Duration queueTimeout) {
            this.queueTimeout = Objects.requireNonNull(queueTimeout, "queueTimeout");
            return this;
        }

        /** How long {@code close()} drains before it kills: 30 s. */
        public Builder<R> stopTimeout(Duration stopTimeout) {
            this.stopTimeout = Objects.requireNonNull(stopTimeout, "stopTimeout");
            return this;
        }

        /**
         * How long a task that was timed out, cancelled or killed may ignore its interrupt: 10 s. Then it is abandoned:
         * its worker is replaced, and its resource destroyed when it returns at last.
         */
        public Builder<R> stuckTaskGrace(Duration stuckTaskGrace) {
            this.stuckTaskGrace = Objects.requireNonNull(stuckTaskGrace, "stuckTaskGrace");
            return this;
        }

        /** Makes the workers' threads: non-daemon platform threads named {@code <name>-worker-<n>}. */
        public Builder<R> threadFactory(ThreadFactory threadFactory) {
            this.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory");
            return this;
        }

        /**
         * Runs callbacks: an executor of the manager's own, of daemon threads. One that is set here stays its owner's,
         * and is not shut down with the manager, and may take as many callbacks as it likes; one that it refuses runs on
         * a thread of the manager, or of the caller if the manager has ended.
         */
        public Builder<R> callbackExecutor(Executor callbackExecutor) {
            this.callbackExecutor = Objects.requireNonNull(callbackExecutor, "callbackExecutor");
            return this;
        }

        /** Decides the number of workers: the default policy, which grows by backlog and arrival rate. */
        public Builder<R> scalingPolicy(ScalingPolicy scalingPolicy) {
            this.scalingPolicy = Objects.requireNonNull(scalingPolicy, "scalingPolicy");
            return this;
        }

        /** Told of what happens in the manager: nobody. */
        public Builder<R> listener(TaskManagerListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Wraps each task at its submission: none is wrapped. */
        public Builder<R> taskDecorator(TaskDecorator taskDecorator) {
            this.taskDecorator = Objects.requireNonNull(taskDecorator, "taskDecorator");
            return this;
        }

        /**
         * How old a resource may grow: as old as it likes. Each one's limit is less by up to a tenth, at random, so that
         * not all go at once. The replacement is created before the old one goes, where {@code maxWorkerCount} leaves
         * room; while it can't be created, the old one serves on.
         */
        public Builder<R> resourceMaxAge(Duration resourceMaxAge) {
            this.resourceMaxAge = Objects.requireNonNull(resourceMaxAge, "resourceMaxAge");
            return this;
        }

        /** How many tasks may use a resource before it is replaced: 0, which is any number. */
        public Builder<R> resourceMaxUses(int resourceMaxUses) {
            this.resourceMaxUses = resourceMaxUses;
            return this;
        }

        /** How long a resource may be idle before {@link ResourceFactory#validate} is asked at its next use: for ever. */
        public Builder<R> resourceIdleValidation(Duration resourceIdleValidation) {
            this.resourceIdleValidation = Objects.requireNonNull(resourceIdleValidation, "resourceIdleValidation");
            return this;
        }

        /**
         * How long {@link ResourceFactory#create} may take: 30 s. Then it is interrupted and has failed. If it ignores that
         * for {@code stuckTaskGrace}, it is abandoned: another takes its place. What it returns at last is destroyed. Zero:
         * any time.
         */
        public Builder<R> creationTimeout(Duration creationTimeout) {
            this.creationTimeout = Objects.requireNonNull(creationTimeout, "creationTimeout");
            return this;
        }

        /**
         * How long {@link ResourceFactory#validate} and {@link ResourceFactory#reset} may take, and the health check and the
         * retry policy: 5 s. Then the call is interrupted, its resource is unfit (or its task not tried again), and it is
         * abandoned as a creation is. Zero: any time.
         */
        public Builder<R> validationTimeout(Duration validationTimeout) {
            this.validationTimeout = Objects.requireNonNull(validationTimeout, "validationTimeout");
            return this;
        }

        /**
         * How long {@link ResourceFactory#destroy} may take: 10 s. Then it is interrupted, and abandoned as a creation is;
         * its resource counts as destroyed from then on. Zero: any time.
         */
        public Builder<R> destructionTimeout(Duration destructionTimeout) {
            this.destructionTimeout = Objects.requireNonNull(destructionTimeout, "destructionTimeout");
            return this;
        }

        /**
         * How long the next creation waits after each one that failed: from 100 ms, doubling, to 30 s, with a jitter of 0.2.
         * {@link TaskManagerControl#probe()} cuts it short.
         */
        public Builder<R> creationBackoff(Backoff creationBackoff) {
            this.creationBackoff = Objects.requireNonNull(creationBackoff, "creationBackoff");
            return this;
        }

        /**
         * Checks every setting and builds the config.
         *
         * @throws IllegalArgumentException naming the setting, its value and the cure
         */
        public TaskManagerConfig<R> build() {
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
                check(
                        maxTemporaryResources >= 0,
                        "maxTemporaryResources",
                        maxTemporaryResources,
                        "must not be negative");
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
                        "only applies to overflowPolicy BLOCK, but that is " + overflowPolicy
                                + "; leave one of them out");
            }
            check(
                    priorityBurstLimit >= 0,
                    "priorityBurstLimit",
                    priorityBurstLimit,
                    "must not be negative; use 0 for strict priority");
            checkLimit("resourceMaxAge", resourceMaxAge);
            checkLimit("resourceIdleValidation", resourceIdleValidation);
            check(
                    resourceMaxUses >= 0,
                    "resourceMaxUses",
                    resourceMaxUses,
                    "must not be negative; use 0 for any number");
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
            return new TaskManagerConfig<>(this, base, max);
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
}

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

    private final TaskManagerSettings<R> settings;

    /** @param settings nobody else's, and checked */
    private TaskManagerConfig(TaskManagerSettings<R> settings) {
        this.settings = settings;
    }

    /** Starts a config; {@link Builder#workerCount} must be set, all else has a default. */
    public static <R> Builder<R> builder(ResourceFactory<R> resourceFactory) {
        return new Builder<>(resourceFactory);
    }

    /** Creates, checks and destroys the resources. */
    public ResourceFactory<R> resourceFactory() {
        return settings.resourceFactory;
    }

    /** The manager's name, in threads, logs and error messages. */
    public String name() {
        return settings.name;
    }

    /** The workers kept at all times. */
    public int workerCount() {
        return Objects.requireNonNull(settings.workerCount);
    }

    /** The most workers, base and burst, those whose resource is being created included. */
    public int maxWorkerCount() {
        return Objects.requireNonNull(settings.maxWorkerCount);
    }

    /** How often the number of workers is decided anew; zero: never, it stays at {@link #workerCount()}. */
    public Duration burstInterval() {
        return settings.burstInterval;
    }

    /** How often a task is retried at most; 0: never. See {@link #retryPolicy()}. */
    public int maxRetries() {
        return settings.maxRetries;
    }

    /** How long a task waits before it is retried. */
    public Backoff retryBackoff() {
        return settings.retryBackoff;
    }

    /**
     * The pool of {@link TaskManager#runTask}: if set, filled at start; if not, it grows on demand up to
     * {@link #workerCount()}.
     */
    public OptionalInt resourcePoolSize() {
        return optional(settings.resourcePoolSize);
    }

    /** The most temporary resources that {@link TaskManager#runTask} has at a time. */
    public int maxTemporaryResources() {
        return Objects.requireNonNull(settings.maxTemporaryResources);
    }

    /**
     * How long {@link TaskManager#runTask} waits for a resource, and how long a blocking form waits in an outage or a pause
     * before it is refused.
     */
    public Duration acquireTimeout() {
        return settings.acquireTimeout;
    }

    /** Decides which errors mean that a resource is broken, unless there is a {@link #resourceHealthCheck()}. */
    public HealthCheck healthCheck() {
        return settings.healthCheck;
    }

    /** Decides that with the resource in hand; empty: {@link #healthCheck()} does. */
    public Optional<ResourceHealthCheck<? super R>> resourceHealthCheck() {
        return Optional.ofNullable(settings.resourceHealthCheck);
    }

    /** Decides which errors are worth another try; empty: those that mean that the resource is broken. */
    public Optional<RetryPolicy> retryPolicy() {
        return Optional.ofNullable(settings.retryPolicy);
    }

    /** How long each task may take from its submission to its end, in its lane and in all attempts; empty: without bound. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(settings.deadline);
    }

    /** How long there must be an idle worker and no backlog before workers go; empty: as the scaling policy sees fit. */
    public Optional<Duration> scaleDownDelay() {
        return Optional.ofNullable(settings.scaleDownDelay);
    }

    /**
     * The most resources at a time, those of workers and of {@link TaskManager#runTask} together; empty: up to
     * {@link #maxWorkerCount()}, the pool's and {@link #maxTemporaryResources()} together.
     */
    public OptionalInt maxResources() {
        return optional(settings.maxResources);
    }

    /** Where the manager logs; empty: the JDK's {@link System.Logger} named {@code io.taskmanager.<name>}. */
    public Optional<Logger> logger() {
        return Optional.ofNullable(settings.logger);
    }

    /** Gathers metrics; empty: a collector of the manager's own, in fixed memory. */
    public Optional<MetricsCollector> collector() {
        return Optional.ofNullable(settings.collector);
    }

    /** The room of the main lane, in tasks. */
    public int queueCapacity() {
        return settings.queueCapacity;
    }

    /** The room of the priority lane, in tasks. */
    public int priorityQueueCapacity() {
        return settings.priorityQueueCapacity;
    }

    /** What a blocking form does when its lane is full. */
    public OverflowPolicy overflowPolicy() {
        return settings.overflowPolicy;
    }

    /** How long a blocking form waits for room under {@link OverflowPolicy#BLOCK}; empty: without bound. */
    public Optional<Duration> enqueueTimeout() {
        return Optional.ofNullable(settings.enqueueTimeout);
    }

    /** Whether a blocking form may run its task on its caller's thread, with the resource of an idle worker. */
    public boolean lending() {
        return settings.lending;
    }

    /** How many priority tasks in a row let one main task through; 0: as many as there are. */
    public int priorityBurstLimit() {
        return settings.priorityBurstLimit;
    }

    /** How long each attempt of a task may run; empty: without bound. */
    public Optional<Duration> taskTimeout() {
        return Optional.ofNullable(settings.taskTimeout);
    }

    /** How long a task may wait for its first start; empty: without bound. */
    public Optional<Duration> queueTimeout() {
        return Optional.ofNullable(settings.queueTimeout);
    }

    /** What the manager's creation does about its first resource. */
    public StartupPolicy startupPolicy() {
        return settings.startupPolicy;
    }

    /** How long {@link TaskManager#close()} drains before it kills. */
    public Duration stopTimeout() {
        return settings.stopTimeout;
    }

    /** How long a task that was timed out, cancelled or killed may ignore its interrupt before it is abandoned. */
    public Duration stuckTaskGrace() {
        return settings.stuckTaskGrace;
    }

    /** Makes the workers' threads; empty: non-daemon platform threads named {@code <name>-worker-<n>}. */
    public Optional<ThreadFactory> threadFactory() {
        return Optional.ofNullable(settings.threadFactory);
    }

    /**
     * Runs callbacks; empty: an executor of the manager's own, of daemon threads (virtual ones on Java 21 and up), for which
     * at most {@code 2 × (queueCapacity + priorityQueueCapacity) + maxWorkerCount} callbacks may wait, those of tasks that
     * have not ended included.
     */
    public Optional<Executor> callbackExecutor() {
        return Optional.ofNullable(settings.callbackExecutor);
    }

    /** Decides the number of workers; empty: the default policy. */
    public Optional<ScalingPolicy> scalingPolicy() {
        return Optional.ofNullable(settings.scalingPolicy);
    }

    /** Told of what happens in the manager; empty: nobody. */
    public Optional<TaskManagerListener> listener() {
        return Optional.ofNullable(settings.listener);
    }

    /** Wraps each task at its submission; empty: none is wrapped. */
    public Optional<TaskDecorator> taskDecorator() {
        return Optional.ofNullable(settings.taskDecorator);
    }

    /** How old a resource may grow before it is replaced; empty: as old as it likes. */
    public Optional<Duration> resourceMaxAge() {
        return Optional.ofNullable(settings.resourceMaxAge);
    }

    /** How many tasks may use a resource before it is replaced; 0: any number. */
    public int resourceMaxUses() {
        return settings.resourceMaxUses;
    }

    /** How long a resource may be idle before it is validated at its next use; empty: never validated for that. */
    public Optional<Duration> resourceIdleValidation() {
        return Optional.ofNullable(settings.resourceIdleValidation);
    }

    /** How long a creation of a resource may take before it is interrupted and has failed; zero: any time. */
    public Duration creationTimeout() {
        return settings.creationTimeout;
    }

    /** How long a validation, reset or health check may take before it is interrupted and its resource is unfit; zero: any time. */
    public Duration validationTimeout() {
        return settings.validationTimeout;
    }

    /** How long a destruction may take before it is interrupted; zero: any time. */
    public Duration destructionTimeout() {
        return settings.destructionTimeout;
    }

    /** How long the next creation of a resource waits after each one that failed. */
    public Backoff creationBackoff() {
        return settings.creationBackoff;
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** Builds a {@link TaskManagerConfig}; each method says its setting's default. Not for several threads at a time. */
    public static final class Builder<R> {

        private final TaskManagerSettings<R> settings;

        private Builder(ResourceFactory<R> resourceFactory) {
            settings = new TaskManagerSettings<>(Objects.requireNonNull(resourceFactory, "resourceFactory"));
        }

        /** The manager's name: "taskmanager". Not blank. */
        public Builder<R> name(String name) {
            settings.name = Objects.requireNonNull(name, "name");
            return this;
        }

        /** The workers kept at all times: required, at least 1. */
        public Builder<R> workerCount(int workerCount) {
            settings.workerCount = workerCount;
            return this;
        }

        /** The most workers: twice {@code workerCount}. At least {@code workerCount}. */
        public Builder<R> maxWorkerCount(int maxWorkerCount) {
            settings.maxWorkerCount = maxWorkerCount;
            return this;
        }

        /** How often the number of workers is decided anew: 100 ms. Zero turns scaling off; else at least 1 ms. */
        public Builder<R> burstInterval(Duration burstInterval) {
            settings.burstInterval = Objects.requireNonNull(burstInterval, "burstInterval");
            return this;
        }

        /** How often a task is retried: 3. Zero turns retries off. */
        public Builder<R> maxRetries(int maxRetries) {
            settings.maxRetries = maxRetries;
            return this;
        }

        /** How long a task waits before each retry: from 100 ms, doubling, to 10 s, with a jitter of 0.2. */
        public Builder<R> retryBackoff(Backoff retryBackoff) {
            settings.retryBackoff = Objects.requireNonNull(retryBackoff, "retryBackoff");
            return this;
        }

        /**
         * The pool of {@code runTask}, filled at start: not set, which lets the pool grow on demand up to
         * {@code workerCount}. Zero: no pool, every resource of {@code runTask} is temporary.
         */
        public Builder<R> resourcePoolSize(int resourcePoolSize) {
            settings.resourcePoolSize = resourcePoolSize;
            return this;
        }

        /** The most temporary resources of {@code runTask} at a time: {@code maxWorkerCount}. Zero: none. */
        public Builder<R> maxTemporaryResources(int maxTemporaryResources) {
            settings.maxTemporaryResources = maxTemporaryResources;
            return this;
        }

        /**
         * How long {@code runTask} waits for a resource: 30 s. Zero: not at all. Also how long a blocking form waits while
         * the manager can create no resource, or is paused; then its task, if it does not run, is refused.
         */
        public Builder<R> acquireTimeout(Duration acquireTimeout) {
            settings.acquireTimeout = Objects.requireNonNull(acquireTimeout, "acquireTimeout");
            return this;
        }

        /** Decides which errors mean that a resource is broken: none does. */
        public Builder<R> healthCheck(HealthCheck healthCheck) {
            settings.healthCheck = Objects.requireNonNull(healthCheck, "healthCheck");
            return this;
        }

        /** Decides that with the resource in hand: not set. Is asked in place of {@code healthCheck}. */
        public Builder<R> resourceHealthCheck(ResourceHealthCheck<? super R> resourceHealthCheck) {
            settings.resourceHealthCheck = Objects.requireNonNull(resourceHealthCheck, "resourceHealthCheck");
            return this;
        }

        /**
         * Decides which errors are worth another try, up to {@code maxRetries}: those that mean that the resource is broken.
         * With one that is set here, a task whose resource is broken and that is not to be retried fails at once, and one
         * that ran longer than its timeout can be retried.
         */
        public Builder<R> retryPolicy(RetryPolicy retryPolicy) {
            settings.retryPolicy = Objects.requireNonNull(retryPolicy, "retryPolicy");
            return this;
        }

        /**
         * How long each task may take from its submission to its end, in its lane and in all attempts together, unless its
         * options have a deadline: without bound.
         */
        public Builder<R> deadline(Duration deadline) {
            settings.deadline = Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /**
         * How long there must be an idle worker and no backlog before workers go: the default policy's, which is twice as
         * long as a resource takes to create, from 1 s to 60 s. Not with a {@code scalingPolicy} of one's own, which decides
         * that itself.
         */
        public Builder<R> scaleDownDelay(Duration scaleDownDelay) {
            settings.scaleDownDelay = Objects.requireNonNull(scaleDownDelay, "scaleDownDelay");
            return this;
        }

        /**
         * The most resources at a time: those of workers, of the pool and temporary ones together, as they come from
         * {@code maxWorkerCount}, {@code resourcePoolSize} and {@code maxTemporaryResources}. With less than that sum,
         * {@code runTask} has what {@code maxWorkerCount} leaves, perhaps none. At least {@code maxWorkerCount} and
         * {@code resourcePoolSize} together.
         */
        public Builder<R> maxResources(int maxResources) {
            settings.maxResources = maxResources;
            return this;
        }

        /** Where the manager logs: the JDK's {@link System.Logger} named {@code io.taskmanager.<name>}. */
        public Builder<R> logger(Logger logger) {
            settings.logger = Objects.requireNonNull(logger, "logger");
            return this;
        }

        /** Gathers metrics: a collector of the manager's own, in fixed memory. */
        public Builder<R> collector(MetricsCollector collector) {
            settings.collector = Objects.requireNonNull(collector, "collector");
            return this;
        }

        /** The room of the main lane: 10 000 tasks. At least 1. */
        public Builder<R> queueCapacity(int queueCapacity) {
            settings.queueCapacity = queueCapacity;
            return this;
        }

        /** The room of the priority lane: 10 000 tasks. At least 1. */
        public Builder<R> priorityQueueCapacity(int priorityQueueCapacity) {
            settings.priorityQueueCapacity = priorityQueueCapacity;
            return this;
        }

        /** What a blocking form does when its lane is full: {@link OverflowPolicy#BLOCK}. */
        public Builder<R> overflowPolicy(OverflowPolicy overflowPolicy) {
            settings.overflowPolicy = Objects.requireNonNull(overflowPolicy, "overflowPolicy");
            return this;
        }

        /** How long a blocking form waits for room: without bound. Only with {@link OverflowPolicy#BLOCK}. */
        public Builder<R> enqueueTimeout(Duration enqueueTimeout) {
            settings.enqueueTimeout = Objects.requireNonNull(enqueueTimeout, "enqueueTimeout");
            return this;
        }

        /**
         * Whether a blocking form that finds a worker idle runs its task on its caller's own thread, with that worker's
         * resource: true. With false, every task runs on a worker's thread, and an interrupt of the caller cancels the task
         * rather than reaching it.
         */
        public Builder<R> lending(boolean lending) {
            settings.lending = lending;
            return this;
        }

        /** What the manager's creation does about its first resource: {@link StartupPolicy#FAIL_FAST}. */
        public Builder<R> startupPolicy(StartupPolicy startupPolicy) {
            settings.startupPolicy = Objects.requireNonNull(startupPolicy, "startupPolicy");
            return this;
        }

        /** How many priority tasks in a row let one main task through: 0, which is strict priority. */
        public Builder<R> priorityBurstLimit(int priorityBurstLimit) {
            settings.priorityBurstLimit = priorityBurstLimit;
            return this;
        }

        /** How long each attempt of a task may run, unless its options say otherwise: without bound. */
        public Builder<R> taskTimeout(Duration taskTimeout) {
            settings.taskTimeout = Objects.requireNonNull(taskTimeout, "taskTimeout");
            return this;
        }

        /** How long a task may wait for its first start, unless its options say otherwise: without bound. */
        public Builder<R> queueTimeout(Duration queueTimeout) {
            settings.queueTimeout = Objects.requireNonNull(queueTimeout, "queueTimeout");
            return this;
        }

        /** How long {@code close()} drains before it kills: 30 s. */
        public Builder<R> stopTimeout(Duration stopTimeout) {
            settings.stopTimeout = Objects.requireNonNull(stopTimeout, "stopTimeout");
            return this;
        }

        /**
         * How long a task that was timed out, cancelled or killed may ignore its interrupt: 10 s. Then it is abandoned:
         * its worker is replaced, and its resource destroyed when it returns at last.
         */
        public Builder<R> stuckTaskGrace(Duration stuckTaskGrace) {
            settings.stuckTaskGrace = Objects.requireNonNull(stuckTaskGrace, "stuckTaskGrace");
            return this;
        }

        /** Makes the workers' threads: non-daemon platform threads named {@code <name>-worker-<n>}. */
        public Builder<R> threadFactory(ThreadFactory threadFactory) {
            settings.threadFactory = Objects.requireNonNull(threadFactory, "threadFactory");
            return this;
        }

        /**
         * Runs callbacks: an executor of the manager's own, of daemon threads. One that is set here stays its owner's,
         * and is not shut down with the manager, and may take as many callbacks as it likes; one that it refuses runs on
         * a thread of the manager, or of the caller if the manager has ended.
         */
        public Builder<R> callbackExecutor(Executor callbackExecutor) {
            settings.callbackExecutor = Objects.requireNonNull(callbackExecutor, "callbackExecutor");
            return this;
        }

        /** Decides the number of workers: the default policy, which grows by backlog and arrival rate. */
        public Builder<R> scalingPolicy(ScalingPolicy scalingPolicy) {
            settings.scalingPolicy = Objects.requireNonNull(scalingPolicy, "scalingPolicy");
            return this;
        }

        /** Told of what happens in the manager: nobody. */
        public Builder<R> listener(TaskManagerListener listener) {
            settings.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Wraps each task at its submission: none is wrapped. */
        public Builder<R> taskDecorator(TaskDecorator taskDecorator) {
            settings.taskDecorator = Objects.requireNonNull(taskDecorator, "taskDecorator");
            return this;
        }

        /**
         * How old a resource may grow: as old as it likes. Each one's limit is less by up to a tenth, at random, so that
         * not all go at once. The replacement is created before the old one goes, where {@code maxWorkerCount} leaves
         * room; while it can't be created, the old one serves on.
         */
        public Builder<R> resourceMaxAge(Duration resourceMaxAge) {
            settings.resourceMaxAge = Objects.requireNonNull(resourceMaxAge, "resourceMaxAge");
            return this;
        }

        /** How many tasks may use a resource before it is replaced: 0, which is any number. */
        public Builder<R> resourceMaxUses(int resourceMaxUses) {
            settings.resourceMaxUses = resourceMaxUses;
            return this;
        }

        /** How long a resource may be idle before {@link ResourceFactory#validate} is asked at its next use: for ever. */
        public Builder<R> resourceIdleValidation(Duration resourceIdleValidation) {
            settings.resourceIdleValidation = Objects.requireNonNull(resourceIdleValidation, "resourceIdleValidation");
            return this;
        }

        /**
         * How long {@link ResourceFactory#create} may take: 30 s. Then it is interrupted and has failed. If it ignores that
         * for {@code stuckTaskGrace}, it is abandoned: another takes its place. What it returns at last is destroyed. Zero:
         * any time.
         */
        public Builder<R> creationTimeout(Duration creationTimeout) {
            settings.creationTimeout = Objects.requireNonNull(creationTimeout, "creationTimeout");
            return this;
        }

        /**
         * How long {@link ResourceFactory#validate} and {@link ResourceFactory#reset} may take, and the health check and the
         * retry policy: 5 s. Then the call is interrupted, its resource is unfit (or its task not tried again), and it is
         * abandoned as a creation is. Zero: any time.
         */
        public Builder<R> validationTimeout(Duration validationTimeout) {
            settings.validationTimeout = Objects.requireNonNull(validationTimeout, "validationTimeout");
            return this;
        }

        /**
         * How long {@link ResourceFactory#destroy} may take: 10 s. Then it is interrupted, and abandoned as a creation is;
         * its resource counts as destroyed from then on. Zero: any time.
         */
        public Builder<R> destructionTimeout(Duration destructionTimeout) {
            settings.destructionTimeout = Objects.requireNonNull(destructionTimeout, "destructionTimeout");
            return this;
        }

        /**
         * How long the next creation waits after each one that failed: from 100 ms, doubling, to 30 s, with a jitter of 0.2.
         * {@link TaskManagerControl#probe()} cuts it short.
         */
        public Builder<R> creationBackoff(Backoff creationBackoff) {
            settings.creationBackoff = Objects.requireNonNull(creationBackoff, "creationBackoff");
            return this;
        }

        /**
         * Checks every setting and builds the config.
         *
         * @throws IllegalArgumentException naming the setting, its value and the cure
         */
        public TaskManagerConfig<R> build() {
            return new TaskManagerConfig<>(settings.checked());
        }
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.OverflowPolicy;
import io.taskmanager.StartupPolicy;
import io.taskmanager.TaskManagerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.ClassUtils;

/**
 * The managers of the application. What is set neither here nor in the defaults has the default of
 * {@link TaskManagerConfig.Builder}, which also checks every value when the manager is created.
 */
@ConfigurationProperties(prefix = "taskmanager", ignoreUnknownFields = false)
public class TaskManagerProperties {

    /**
     * Phase of the application's lifecycle in which managers stop, those of higher phases having stopped before. By default,
     * after the web server, and before Spring's executors and schedulers.
     */
    private int lifecyclePhase = Integer.MAX_VALUE - 4096;

    /** Settings that every manager starts from; what a manager sets itself replaces them one by one. */
    private final Settings defaults = new Settings();

    /** Managers by name. Each becomes a bean named like it, with the suffix 'TaskManager'. */
    private final Map<String, Manager> managers = new LinkedHashMap<>();

    public int getLifecyclePhase() {
        return lifecyclePhase;
    }

    public void setLifecyclePhase(int lifecyclePhase) {
        this.lifecyclePhase = lifecyclePhase;
    }

    public Settings getDefaults() {
        return defaults;
    }

    public Map<String, Manager> getManagers() {
        return managers;
    }

    /** Not ours: it has properties of its own, which the metadata has. Without this they would be unknown ones here. */
    Map<String, Object> getDurable() {
        return Map.of();
    }

    /** @throws IllegalArgumentException if nobody else reads them */
    void setDurable(Map<String, Object> durable) {
        if (!ClassUtils.isPresent(
                "io.taskmanager.durable.DurableTaskClient", getClass().getClassLoader())) {
            throw new IllegalArgumentException(
                    "the module taskmanager-durable is not on the class path; add it to the dependencies");
        }
    }

    /** The settings of a manager; null where not set. */
    public static class Settings {

        /** Number of workers kept at all times, each owning one resource. Required. */
        private @Nullable Integer workerCount;

        /** Highest number of workers during a burst. By default, twice the worker count. */
        private @Nullable Integer maxWorkerCount;

        /** How often the number of workers is decided anew. Zero turns scaling off. */
        private @Nullable Duration burstInterval;

        /**
         * How long there must be an idle worker and no backlog before workers go. By default, twice as long as a resource
         * takes to create, from 1 s to 60 s. Not with a 'ScalingPolicy' of the application, which decides that itself.
         */
        private @Nullable Duration scaleDownDelay;

        /** How often a task is retried, after unhealthy errors or those that a 'RetryPolicy' picks. Zero turns retries off. */
        private @Nullable Integer maxRetries;

        /** Back-off before each retry. */
        private final BackoffSettings retryBackoff = new BackoffSettings();

        /**
         * Number of resources that 'runTask' finds ready, created at start. By default, the pool grows on demand up to the
         * worker count. Zero makes every resource of 'runTask' temporary.
         */
        private @Nullable Integer resourcePoolSize;

        /** Highest number of temporary resources of 'runTask' at a time. By default, the highest number of workers. */
        private @Nullable Integer maxTemporaryResources;

        /**
         * Highest number of resources at a time, those of workers and of 'runTask' together, where it is less than their own
         * limits add up to. At least the highest number of workers and the resource pool size together.
         */
        private @Nullable Integer maxResources;

        /** How long 'runTask' waits for a resource, and a blocking form in an outage or a pause. Zero: not at all. */
        private @Nullable Duration acquireTimeout;

        /** Room of the main lane, in tasks. */
        private @Nullable Integer queueCapacity;

        /** Room of the priority lane, in tasks. */
        private @Nullable Integer priorityQueueCapacity;

        /** What a blocking call does when its lane is full. */
        private @Nullable OverflowPolicy overflowPolicy;

        /** How long a blocking call waits for room in its lane, under BLOCK. By default, without bound. */
        private @Nullable Duration enqueueTimeout;

        /** Whether a blocking call may run its task on the calling thread, with the resource of an idle worker. */
        private @Nullable Boolean lending;

        /** What the start of the application does about the first resource; it waits for those of all managers at once. */
        private @Nullable StartupPolicy startupPolicy;

        /**
         * How long a stop drains the queue before it kills. Bounded by 'spring.lifecycle.timeout-per-shutdown-phase' when
         * the application stops.
         */
        private @Nullable Duration stopTimeout;

        /** How long a kill waits for tasks that ignore their interrupt. */
        private @Nullable Duration stuckTaskGrace;

        /** Number of priority tasks in a row that let one main task through. Zero: strict priority. */
        private @Nullable Integer priorityBurstLimit;

        /** How long each attempt of a task may run, unless its options say otherwise. By default, without bound. */
        private @Nullable Duration taskTimeout;

        /**
         * How long a task may wait for its first start, unless its options say otherwise. By default, without
         * bound.
         */
        private @Nullable Duration queueTimeout;

        /**
         * How long a task may take from its submission to its end, in its lane and in all attempts together, unless its
         * options say otherwise. By default, without bound.
         */
        private @Nullable Duration deadline;

        /**
         * How old a resource may grow before it is replaced, less up to a tenth at random. By default, as old as
         * it likes.
         */
        private @Nullable Duration resourceMaxAge;

        /** Number of tasks that may use a resource before it is replaced. Zero: any number. */
        private @Nullable Integer resourceMaxUses;

        /** How long a resource may be idle before it is validated at its next use. By default, for ever. */
        private @Nullable Duration resourceIdleValidation;

        /** How long creating a resource may take before it is interrupted and has failed. Zero: any time. */
        private @Nullable Duration creationTimeout;

        /**
         * How long validating or resetting a resource, or a health check of it, may take before it is interrupted and the
         * resource counts as unfit. Zero: any time.
         */
        private @Nullable Duration validationTimeout;

        /** How long destroying a resource may take before it is interrupted. Zero: any time. */
        private @Nullable Duration destructionTimeout;

        /** Back-off after each creation of a resource that failed. */
        private final BackoffSettings creationBackoff = new BackoffSettings();

        /** Whether each task is a Micrometer observation named 'taskmanager.task', with its callback in it. */
        private @Nullable Boolean observationEnabled;

        /**
         * Whether the log context, the trace, the security context, and what else is registered for context propagation, go
         * with a task to another thread. The names in the log context do in any case.
         */
        private @Nullable Boolean propagateContext;

        public @Nullable Integer getWorkerCount() {
            return workerCount;
        }

        public void setWorkerCount(@Nullable Integer workerCount) {
            this.workerCount = workerCount;
        }

        public @Nullable Integer getMaxWorkerCount() {
            return maxWorkerCount;
        }

        public void setMaxWorkerCount(@Nullable Integer maxWorkerCount) {
            this.maxWorkerCount = maxWorkerCount;
        }

        public @Nullable Duration getBurstInterval() {
            return burstInterval;
        }

        public void setBurstInterval(@Nullable Duration burstInterval) {
            this.burstInterval = burstInterval;
        }

        public @Nullable Duration getScaleDownDelay() {
            return scaleDownDelay;
        }

        public void setScaleDownDelay(@Nullable Duration scaleDownDelay) {
            this.scaleDownDelay = scaleDownDelay;
        }

        public @Nullable Integer getMaxRetries() {
            return maxRetries;
        }

        public void setMaxRetries(@Nullable Integer maxRetries) {
            this.maxRetries = maxRetries;
        }

        public BackoffSettings getRetryBackoff() {
            return retryBackoff;
        }

        public @Nullable Integer getResourcePoolSize() {
            return resourcePoolSize;
        }

        public void setResourcePoolSize(@Nullable Integer resourcePoolSize) {
            this.resourcePoolSize = resourcePoolSize;
        }

        public @Nullable Integer getMaxTemporaryResources() {
            return maxTemporaryResources;
        }

        public void setMaxTemporaryResources(@Nullable Integer maxTemporaryResources) {
            this.maxTemporaryResources = maxTemporaryResources;
        }

        public @Nullable Integer getMaxResources() {
            return maxResources;
        }

        public void setMaxResources(@Nullable Integer maxResources) {
            this.maxResources = maxResources;
        }

        public @Nullable Duration getAcquireTimeout() {
            return acquireTimeout;
        }

        public void setAcquireTimeout(@Nullable Duration acquireTimeout) {
            this.acquireTimeout = acquireTimeout;
        }

        public @Nullable Integer getQueueCapacity() {
            return queueCapacity;
        }

        public void setQueueCapacity(@Nullable Integer queueCapacity) {
            this.queueCapacity = queueCapacity;
        }

        public @Nullable Integer getPriorityQueueCapacity() {
            return priorityQueueCapacity;
        }

        public void setPriorityQueueCapacity(@Nullable Integer priorityQueueCapacity) {
            this.priorityQueueCapacity = priorityQueueCapacity;
        }

        public @Nullable OverflowPolicy getOverflowPolicy() {
            return overflowPolicy;
        }

        public void setOverflowPolicy(@Nullable OverflowPolicy overflowPolicy) {
            this.overflowPolicy = overflowPolicy;
        }

        public @Nullable Duration getEnqueueTimeout() {
            return enqueueTimeout;
        }

        public void setEnqueueTimeout(@Nullable Duration enqueueTimeout) {
            this.enqueueTimeout = enqueueTimeout;
        }

        public @Nullable Boolean getLending() {
            return lending;
        }

        public void setLending(@Nullable Boolean lending) {
            this.lending = lending;
        }

        public @Nullable StartupPolicy getStartupPolicy() {
            return startupPolicy;
        }

        public void setStartupPolicy(@Nullable StartupPolicy startupPolicy) {
            this.startupPolicy = startupPolicy;
        }

        public @Nullable Duration getStopTimeout() {
            return stopTimeout;
        }

        public void setStopTimeout(@Nullable Duration stopTimeout) {
            this.stopTimeout = stopTimeout;
        }

        public @Nullable Duration getStuckTaskGrace() {
            return stuckTaskGrace;
        }

        public void setStuckTaskGrace(@Nullable Duration stuckTaskGrace) {
            this.stuckTaskGrace = stuckTaskGrace;
        }

        public @Nullable Integer getPriorityBurstLimit() {
            return priorityBurstLimit;
        }

        public void setPriorityBurstLimit(@Nullable Integer priorityBurstLimit) {
            this.priorityBurstLimit = priorityBurstLimit;
        }

        public @Nullable Duration getTaskTimeout() {
            return taskTimeout;
        }

        public void setTaskTimeout(@Nullable Duration taskTimeout) {
            this.taskTimeout = taskTimeout;
        }

        public @Nullable Duration getQueueTimeout() {
            return queueTimeout;
        }

        public void setQueueTimeout(@Nullable Duration queueTimeout) {
            this.queueTimeout = queueTimeout;
        }

        public @Nullable Duration getDeadline() {
            return deadline;
        }

        public void setDeadline(@Nullable Duration deadline) {
            this.deadline = deadline;
        }

        public @Nullable Duration getResourceMaxAge() {
            return resourceMaxAge;
        }

        public void setResourceMaxAge(@Nullable Duration resourceMaxAge) {
            this.resourceMaxAge = resourceMaxAge;
        }

        public @Nullable Integer getResourceMaxUses() {
            return resourceMaxUses;
        }

        public void setResourceMaxUses(@Nullable Integer resourceMaxUses) {
            this.resourceMaxUses = resourceMaxUses;
        }

        public @Nullable Duration getResourceIdleValidation() {
            return resourceIdleValidation;
        }

        public void setResourceIdleValidation(@Nullable Duration resourceIdleValidation) {
            this.resourceIdleValidation = resourceIdleValidation;
        }

        public @Nullable Duration getCreationTimeout() {
            return creationTimeout;
        }

        public void setCreationTimeout(@Nullable Duration creationTimeout) {
            this.creationTimeout = creationTimeout;
        }

        public @Nullable Duration getValidationTimeout() {
            return validationTimeout;
        }

        public void setValidationTimeout(@Nullable Duration validationTimeout) {
            this.validationTimeout = validationTimeout;
        }

        public @Nullable Duration getDestructionTimeout() {
            return destructionTimeout;
        }

        public void setDestructionTimeout(@Nullable Duration destructionTimeout) {
            this.destructionTimeout = destructionTimeout;
        }

        public BackoffSettings getCreationBackoff() {
            return creationBackoff;
        }

        public @Nullable Boolean getObservationEnabled() {
            return observationEnabled;
        }

        public void setObservationEnabled(@Nullable Boolean observationEnabled) {
            this.observationEnabled = observationEnabled;
        }

        public @Nullable Boolean getPropagateContext() {
            return propagateContext;
        }

        public void setPropagateContext(@Nullable Boolean propagateContext) {
            this.propagateContext = propagateContext;
        }
    }

    /** A back-off, before retries of tasks or of creations; null where not set. */
    public static class BackoffSettings {

        /** Delay before the first retry. Zero: no delay at all. */
        private @Nullable Duration initial;

        /** Growth from one delay to the next, at least 1. */
        private @Nullable Double multiplier;

        /** Longest delay, before jitter. */
        private @Nullable Duration max;

        /** Part of a delay that varies at random, in both directions, from 0 to 1. */
        private @Nullable Double jitter;

        public @Nullable Duration getInitial() {
            return initial;
        }

        public void setInitial(@Nullable Duration initial) {
            this.initial = initial;
        }

        public @Nullable Double getMultiplier() {
            return multiplier;
        }

        public void setMultiplier(@Nullable Double multiplier) {
            this.multiplier = multiplier;
        }

        public @Nullable Duration getMax() {
            return max;
        }

        public void setMax(@Nullable Duration max) {
            this.max = max;
        }

        public @Nullable Double getJitter() {
            return jitter;
        }

        public void setJitter(@Nullable Double jitter) {
            this.jitter = jitter;
        }
    }

    /** One manager. */
    public static class Manager extends Settings {

        /**
         * Name of the ResourceFactory bean. By default, the one named like the manager, or like the manager with the suffix
         * 'ResourceFactory', or the only one there is.
         */
        private @Nullable String resourceFactory;

        /** Upper bound of the results of tasks. By default, Object: each call infers its own type. */
        private @Nullable Class<?> resultType;

        public @Nullable String getResourceFactory() {
            return resourceFactory;
        }

        public void setResourceFactory(@Nullable String resourceFactory) {
            this.resourceFactory = resourceFactory;
        }

        public @Nullable Class<?> getResultType() {
            return resultType;
        }

        public void setResultType(@Nullable Class<?> resultType) {
            this.resultType = resultType;
        }
    }
}

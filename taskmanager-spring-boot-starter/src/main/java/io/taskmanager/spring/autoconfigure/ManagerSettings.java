package io.taskmanager.spring.autoconfigure;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.BackoffSettings;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Settings;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Applies the settings of a manager, and beneath them the defaults, to its config. */
final class ManagerSettings {

    private static final TaskManagerConfig<?> BUILT_IN = TaskManagerConfig.builder(
                    ResourceFactory.of(Object::new, r -> {}))
            .workerCount(1)
            .build();

    private final Settings defaults;
    private final Settings own;

    ManagerSettings(Settings defaults, Settings own) {
        this.defaults = defaults;
        this.own = own;
    }

    /** Applies all but the back-offs: each setting that is null leaves the builder as it is. */
    void applyTo(TaskManagerConfig.Builder<?> builder) {
        apply(defaults, builder);
        apply(own, builder);
    }

    private static void apply(Settings settings, TaskManagerConfig.Builder<?> builder) {
        set(settings.getWorkerCount(), builder::workerCount);
        set(settings.getMaxWorkerCount(), builder::maxWorkerCount);
        set(settings.getBurstInterval(), builder::burstInterval);
        set(settings.getScaleDownDelay(), builder::scaleDownDelay);
        set(settings.getMaxRetries(), builder::maxRetries);
        set(settings.getResourcePoolSize(), builder::resourcePoolSize);
        set(settings.getMaxTemporaryResources(), builder::maxTemporaryResources);
        set(settings.getMaxResources(), builder::maxResources);
        set(settings.getAcquireTimeout(), builder::acquireTimeout);
        set(settings.getQueueCapacity(), builder::queueCapacity);
        set(settings.getPriorityQueueCapacity(), builder::priorityQueueCapacity);
        set(settings.getOverflowPolicy(), builder::overflowPolicy);
        set(settings.getEnqueueTimeout(), builder::enqueueTimeout);
        set(settings.getLending(), builder::lending);
        set(settings.getStartupPolicy(), builder::startupPolicy);
        set(settings.getStopTimeout(), builder::stopTimeout);
        set(settings.getStuckTaskGrace(), builder::stuckTaskGrace);
        set(settings.getPriorityBurstLimit(), builder::priorityBurstLimit);
        set(settings.getTaskTimeout(), builder::taskTimeout);
        set(settings.getQueueTimeout(), builder::queueTimeout);
        set(settings.getDeadline(), builder::deadline);
        set(settings.getResourceMaxAge(), builder::resourceMaxAge);
        set(settings.getResourceMaxUses(), builder::resourceMaxUses);
        set(settings.getResourceIdleValidation(), builder::resourceIdleValidation);
        set(settings.getCreationTimeout(), builder::creationTimeout);
        set(settings.getValidationTimeout(), builder::validationTimeout);
        set(settings.getDestructionTimeout(), builder::destructionTimeout);
    }

    private static <T> void set(@Nullable T value, Consumer<? super T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }

    boolean hasWorkerCount() {
        return own.getWorkerCount() != null || defaults.getWorkerCount() != null;
    }

    /**
     * Whether retries are asked for, by a property, and there will be none: the config has neither a health check, so that no
     * error is unhealthy, nor a policy.
     */
    boolean asksForRetriesInVain(TaskManagerConfig<?> config) {
        return (own.getMaxRetries() != null || defaults.getMaxRetries() != null)
                && config.maxRetries() > 0
                && config.retryPolicy().isEmpty()
                && config.resourceHealthCheck().isEmpty()
                && config.healthCheck().getClass() == BUILT_IN.healthCheck().getClass();
    }

    /** Whether the submitter's context goes with its tasks; so by default. */
    boolean propagatesContext() {
        Boolean set = own.getPropagateContext();
        return !Boolean.FALSE.equals(set == null ? defaults.getPropagateContext() : set);
    }

    /** Whether each task is an observation; not so by default. */
    boolean isObserved() {
        Boolean set = own.getObservationEnabled();
        return Boolean.TRUE.equals(set == null ? defaults.getObservationEnabled() : set);
    }

    /**
     * The back-off of retries, each part from the manager, else from the defaults, else the built-in one.
     *
     * @throws IllegalArgumentException naming the part that can't be
     */
    Backoff retryBackoff() {
        return backoff(Settings::getRetryBackoff, BUILT_IN.retryBackoff());
    }

    /** As {@link #retryBackoff}, of creations. */
    Backoff creationBackoff() {
        return backoff(Settings::getCreationBackoff, BUILT_IN.creationBackoff());
    }

    private Backoff backoff(Function<Settings, BackoffSettings> group, Backoff builtIn) {
        return new Backoff(
                part(group.andThen(BackoffSettings::getInitial), builtIn.initial()),
                part(group.andThen(BackoffSettings::getMultiplier), builtIn.multiplier()),
                part(group.andThen(BackoffSettings::getMax), builtIn.max()),
                part(group.andThen(BackoffSettings::getJitter), builtIn.jitter()));
    }

    private <T> T part(Function<Settings, @Nullable T> property, T builtIn) {
        T value = property.apply(own);
        if (value == null) {
            value = property.apply(defaults);
        }
        return value == null ? builtIn : value;
    }
}

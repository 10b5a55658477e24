package io.taskmanager.spring.autoconfigure;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.RetryBackoff;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Settings;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;

/** Applies the settings of a manager, and beneath them the defaults, to its config. */
final class ManagerSettings {

    private static final Backoff BUILT_IN_BACKOFF = TaskManagerConfig.builder(ResourceFactory.of(Object::new, r -> {}))
            .workerCount(1)
            .build()
            .retryBackoff();

    private final Settings defaults;
    private final Settings own;

    ManagerSettings(Settings defaults, Settings own) {
        this.defaults = defaults;
        this.own = own;
    }

    /** Applies all but the back-off: each setting that is null leaves the builder as it is. */
    void applyTo(TaskManagerConfig.Builder<?> builder) {
        apply(defaults, builder);
        apply(own, builder);
    }

    private static void apply(Settings settings, TaskManagerConfig.Builder<?> builder) {
        PropertyMapper map = PropertyMapper.get();
        map.from(settings::getWorkerCount).to(builder::workerCount);
        map.from(settings::getMaxWorkerCount).to(builder::maxWorkerCount);
        map.from(settings::getBurstInterval).to(builder::burstInterval);
        map.from(settings::getMaxRetries).to(builder::maxRetries);
        map.from(settings::getResourcePoolSize).to(builder::resourcePoolSize);
        map.from(settings::getMaxTemporaryResources).to(builder::maxTemporaryResources);
        map.from(settings::getAcquireTimeout).to(builder::acquireTimeout);
        map.from(settings::getQueueCapacity).to(builder::queueCapacity);
        map.from(settings::getPriorityQueueCapacity).to(builder::priorityQueueCapacity);
        map.from(settings::getOverflowPolicy).to(builder::overflowPolicy);
        map.from(settings::getEnqueueTimeout).to(builder::enqueueTimeout);
        map.from(settings::getStartupPolicy).to(builder::startupPolicy);
        map.from(settings::getStopTimeout).to(builder::stopTimeout);
        map.from(settings::getStuckTaskGrace).to(builder::stuckTaskGrace);
        map.from(settings::getPriorityBurstLimit).to(builder::priorityBurstLimit);
        map.from(settings::getTaskTimeout).to(builder::taskTimeout);
        map.from(settings::getQueueTimeout).to(builder::queueTimeout);
        map.from(settings::getResourceMaxAge).to(builder::resourceMaxAge);
        map.from(settings::getResourceMaxUses).to(builder::resourceMaxUses);
        map.from(settings::getResourceIdleValidation).to(builder::resourceIdleValidation);
    }

    /** Whether each task is an observation; not so by default. */
    boolean isObserved() {
        Boolean set = own.getObservationEnabled();
        return Boolean.TRUE.equals(set == null ? defaults.getObservationEnabled() : set);
    }

    /**
     * The back-off, each part from the manager, else from the defaults, else the built-in one.
     *
     * @throws IllegalArgumentException naming the part that can't be
     */
    Backoff retryBackoff() {
        return new Backoff(
                part(RetryBackoff::getInitial, BUILT_IN_BACKOFF.initial()),
                part(RetryBackoff::getMultiplier, BUILT_IN_BACKOFF.multiplier()),
                part(RetryBackoff::getMax, BUILT_IN_BACKOFF.max()),
                part(RetryBackoff::getJitter, BUILT_IN_BACKOFF.jitter()));
    }

    private <T> T part(Function<RetryBackoff, @Nullable T> property, T builtIn) {
        T value = property.apply(own.getRetryBackoff());
        if (value == null) {
            value = property.apply(defaults.getRetryBackoff());
        }
        return value == null ? builtIn : value;
    }
}

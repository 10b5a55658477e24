package io.taskmanager.spring.autoconfigure;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.RetryBackoff;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Settings;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        set(settings.getWorkerCount(), builder::workerCount);
        set(settings.getMaxWorkerCount(), builder::maxWorkerCount);
        set(settings.getBurstInterval(), builder::burstInterval);
        set(settings.getMaxRetries(), builder::maxRetries);
        set(settings.getResourcePoolSize(), builder::resourcePoolSize);
        set(settings.getMaxTemporaryResources(), builder::maxTemporaryResources);
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
        set(settings.getResourceMaxAge(), builder::resourceMaxAge);
        set(settings.getResourceMaxUses(), builder::resourceMaxUses);
        set(settings.getResourceIdleValidation(), builder::resourceIdleValidation);
    }

    private static <T> void set(@Nullable T value, Consumer<? super T> setting) {
        if (value != null) {
            setting.accept(value);
        }
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

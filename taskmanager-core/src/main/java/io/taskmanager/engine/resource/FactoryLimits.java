package io.taskmanager.engine.resource;

import io.taskmanager.Backoff;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import java.time.Duration;

/**
 * How far the user's factory is trusted.
 *
 * @param creation how long a creation may take; zero for any time, as with the next two
 * @param grace how long a call may ignore its interrupt
 * @param backoff the pause after each creation that failed
 */
public record FactoryLimits(
        Duration creation, Duration validation, Duration destruction, Duration grace, Backoff backoff) {

    /** @param timed whether calls have timeouts, for which a timer needs a thread */
    public static FactoryLimits of(TaskManagerConfig<?> config, boolean timed) {
        return new FactoryLimits(
                timed ? config.creationTimeout() : Duration.ZERO,
                timed ? config.validationTimeout() : Duration.ZERO,
                timed ? config.destructionTimeout() : Duration.ZERO,
                config.stuckTaskGrace(),
                config.creationBackoff());
    }

    /** How long a call may take; zero for any time. */
    Duration of(Kind kind) {
        return switch (kind) {
            case CREATION -> creation;
            case VALIDATION, RESET, HEALTH_CHECK, RETRY_POLICY -> validation;
            case DESTRUCTION -> destruction;
        };
    }
}

package io.taskmanager.engine.resource;

import io.taskmanager.engine.support.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long resources live.
 *
 * @param maxAge null for any age
 * @param maxUses 0 for any number
 * @param idleValidation null for never
 */
public record ResourceLife(
        @Nullable Duration maxAge, int maxUses, @Nullable Duration idleValidation) {

    /** The most by which a resource's greatest age is less than {@code maxAge}, so that not all go at once. */
    private static final double JITTER = 0.1;

    /** The greatest age of one resource. */
    long maxAgeNanos(double random) {
        return maxAge == null ? Long.MAX_VALUE : (long) (maxAge.toNanos() * (1 - JITTER * random));
    }

    // The clock is read only where a limit is set: these are asked for each task.

    boolean isOver(ResourceHolder<?> holder, Ticker clock) {
        return (maxUses > 0 && holder.uses() >= maxUses)
                || (maxAge != null && !holder.isFresh() && holder.isOlderThanAllowed(clock.nanos()));
    }

    boolean asksForValidation(ResourceHolder<?> holder, Ticker clock) {
        return idleValidation != null
                && !holder.isFresh()
                && holder.idleNanos(clock.nanos()) > idleValidation.toNanos();
    }
}

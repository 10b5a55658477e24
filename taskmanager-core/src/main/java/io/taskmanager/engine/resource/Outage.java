package io.taskmanager.engine.resource;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an outage.
 *
 * @param failures how many failures in a row have lengthened the back-off
 * @param sinceNanos when the first of them came, by the manager's clock
 * @param lastError the class of the last error, and of what caused it; or in a few words what went wrong
 * @param cause the last error; null if there was none, as when a creation took too long
 * @param nextAttempt how long until the next creation is tried: zero if that is under way, or waits for somebody who wants a
 *     resource; null if there will be none before {@link Resources#probe}
 */
public record Outage(
        int failures,
        long sinceNanos,
        String lastError,
        @Nullable Throwable cause,
        @Nullable Duration nextAttempt) {}

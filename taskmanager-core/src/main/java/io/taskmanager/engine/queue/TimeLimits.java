package io.taskmanager.engine.queue;

import io.taskmanager.TaskOptions;
import io.taskmanager.engine.support.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a task may wait for its first start, how long each attempt may run, and when it is due in any case. Queue time
 * and run time are separate clocks; a deadline runs through both.
 *
 * @param queueTimeout null for none
 * @param runTimeout null for none
 * @param deadline null for none; {@code deadlineNanos} is the same on the engine's clock
 */
public record TimeLimits(
        @Nullable Duration queueTimeout,
        @Nullable Duration runTimeout,
        @Nullable Instant deadline,
        long deadlineNanos) {

    /** No limit at all. */
    public static final TimeLimits NONE = new TimeLimits(null, null, null, 0);

    /** The limits of a task's options, and the manager's where the options have none. */
    public static TimeLimits of(
            TaskOptions options,
            @Nullable Duration queueTimeout,
            @Nullable Duration runTimeout,
            @Nullable Duration untilDeadline,
            Ticker clock) {
        Duration queue = options.queueTimeout().orElse(queueTimeout);
        Duration run = options.timeout().orElse(runTimeout);
        Optional<Instant> deadline = options.deadline();
        if (deadline.isEmpty() && untilDeadline != null) {
            deadline = Optional.of(Instant.now().plus(untilDeadline));
        }
        if (queue == null && run == null && deadline.isEmpty()) {
            return NONE;
        }
        return new TimeLimits(
                queue,
                run,
                deadline.orElse(null),
                deadline.map(due -> clock.nanos() + untilNanos(due)).orElse(0L));
    }

    /** A time limit that has run out, or will. */
    record Expiry(Duration in, String rule) {}

    /** What ends a wait that begins now; null for nothing. */
    @Nullable
    Expiry ofWaiting(boolean beforeFirstAttempt, long nowNanos) {
        return first(beforeFirstAttempt ? queueTimeout : null, "was not started within its queueTimeout", nowNanos);
    }

    /** What ends an attempt that begins now; null for nothing. */
    @Nullable
    Expiry ofRunning(long nowNanos) {
        return first(runTimeout, "ran longer than its timeout", nowNanos);
    }

    private @Nullable Expiry first(@Nullable Duration timeout, String rule, long nowNanos) {
        Duration untilDeadline = deadline == null ? null : Duration.ofNanos(Math.max(0, deadlineNanos - nowNanos));
        if (timeout != null && (untilDeadline == null || timeout.compareTo(untilDeadline) <= 0)) {
            return new Expiry(timeout, rule + " (" + timeout + ")");
        }
        return untilDeadline == null ? null : new Expiry(untilDeadline, "missed its deadline (" + deadline + ")");
    }

    /** Negative if it has passed. A deadline too far away for a long of nanoseconds is as good as the farthest that fits. */
    private static long untilNanos(Instant deadline) {
        Duration until = Duration.between(Instant.now(), deadline);
        Duration farthest = Duration.ofDays(100L * 365);
        if (until.isNegative()) {
            return -1;
        }
        return (until.compareTo(farthest) > 0 ? farthest : until).toNanos();
    }
}

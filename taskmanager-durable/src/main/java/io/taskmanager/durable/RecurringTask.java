package io.taskmanager.durable;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Queues a task again and again, each time on one node. A bean. At each of its times one node asks it for a payload and queues a
 * task of the main lane, at least once; unless the one before has not ended, then that time is left out. Times that pass while no
 * node runs are not made up for, but for one.
 *
 * @param name its name, for all nodes; at most 100 characters
 * @param type what is queued
 * @param payload called on the node that queues
 * @param cron six fields as in Spring's {@code @Scheduled}; null if there is a fixed delay
 * @param zone of the cron expression; null if there is a fixed delay
 * @param fixedDelay from one queuing to the next; null if there is a cron expression
 * @param <P> the payload
 */
public record RecurringTask<P>(
        String name,
        TaskType<P, ?> type,
        Supplier<P> payload,
        @Nullable String cron,
        @Nullable ZoneId zone,
        @Nullable Duration fixedDelay) {

    public RecurringTask {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(payload, "payload");
        if (name.isBlank() || name.length() > TaskType.MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name must have 1 to " + TaskType.MAX_NAME_LENGTH
                    + " characters, and not blanks alone, but was \"" + name + "\"");
        }
        if ((cron == null) == (fixedDelay == null)) {
            throw new IllegalArgumentException(
                    "recurring task \"" + name + "\" must have either cron or fixedDelay, but cron was " + cron
                            + " and fixedDelay was " + fixedDelay);
        }
        if (cron != null) {
            CronExpression.parse(cron);
            Objects.requireNonNull(zone, "zone");
        }
        if (fixedDelay != null && fixedDelay.toMillis() < 1) {
            throw new IllegalArgumentException("fixedDelay must be at least 1 ms, but was " + fixedDelay);
        }
    }

    /**
     * By a cron expression, in the system's time zone.
     *
     * @param cron second, minute, hour, day of month, month, day of week
     * @throws IllegalArgumentException if it can't be read
     */
    public static <P> RecurringTask<P> cron(String name, TaskType<P, ?> type, Supplier<P> payload, String cron) {
        return cron(name, type, payload, cron, ZoneId.systemDefault());
    }

    /** By a cron expression in a time zone; else as {@link #cron(String, TaskType, Supplier, String)}. */
    public static <P> RecurringTask<P> cron(
            String name, TaskType<P, ?> type, Supplier<P> payload, String cron, ZoneId zone) {
        return new RecurringTask<>(name, type, payload, cron, zone, null);
    }

    /** With the same time between one queuing and the next; the first is at once. */
    public static <P> RecurringTask<P> fixedDelay(
            String name, TaskType<P, ?> type, Supplier<P> payload, Duration fixedDelay) {
        return new RecurringTask<>(name, type, payload, null, null, fixedDelay);
    }
}

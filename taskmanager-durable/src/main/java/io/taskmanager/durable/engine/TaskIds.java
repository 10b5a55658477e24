package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UUIDs of version 7: 48 bits of the time in ms, a counter of 12 bits, then random ones (RFC 9562, 6.2, method 1). As text they sort
 * by time, too, and those of one process in the order in which they were made: a counter that is full borrows from the next ms.
 */
public final class TaskIds {

    private static final int COUNTER_BITS = 12;
    private static final int COUNTER = (1 << COUNTER_BITS) - 1;

    /** Time and counter of this process' last id. */
    private static final AtomicLong LAST = new AtomicLong();

    private TaskIds() {}

    public static TaskId at(Instant time) {
        return next(LAST, time);
    }

    static TaskId next(AtomicLong last, Instant time) {
        long earliest = time.toEpochMilli() << COUNTER_BITS;
        long now = last.updateAndGet(before -> Math.max(before + 1, earliest));
        long high = ((now >>> COUNTER_BITS) << 16) | 0x7000 | (now & COUNTER);
        return new TaskId(new UUID(high, UUID.randomUUID().getLeastSignificantBits())); // has the variant already
    }

    /** When it was made; the id of another maker may have no time, and then it is 1970. */
    static Instant time(TaskId id) {
        return id.value().version() == 7
                ? Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16)
                : Instant.EPOCH;
    }
}

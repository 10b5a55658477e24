package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskId;
import java.time.Instant;
import java.util.UUID;

/** UUIDs of version 7: 48 bits of the time in ms, then random ones (RFC 9562, 5.7). As text they sort by time, too. */
public final class TaskIds {

    private TaskIds() {}

    public static TaskId at(Instant time) {
        UUID random = UUID.randomUUID(); // has the variant already
        long high = time.toEpochMilli() << 16 | 0x7000 | random.getMostSignificantBits() & 0xFFF;
        return new TaskId(new UUID(high, random.getLeastSignificantBits()));
    }

    /** When it was made; the id of another maker may have no time, and then it is 1970. */
    static Instant time(TaskId id) {
        return id.value().version() == 7
                ? Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16)
                : Instant.EPOCH;
    }
}

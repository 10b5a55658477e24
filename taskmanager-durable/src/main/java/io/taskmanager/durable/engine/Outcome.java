package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTaskState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a task that this node has. Each is written only where the row's version is still the one that was picked. */
sealed interface Outcome {

    Picked picked();

    /** The row that a node has picked. */
    record Picked(String type, String id, long version, Instant dueAt, int priority, int failures) {}

    /**
     * From the queue into the history.
     *
     * @param data as {@link Json} writes it; null where nobody can want it again
     */
    record Ended(
            Picked picked,
            DurableTaskState state,
            TaskData.Header header,
            int deliveries,
            @Nullable Instant startedAt,
            Instant finishedAt,
            @Nullable String node,
            @Nullable TaskError error,
            byte @Nullable [] data,
            byte @Nullable [] result)
            implements Outcome {}

    /** Back into the queue; not where a task that runs at most once has started. */
    record Requeued(
            Picked picked,
            Instant dueAt,
            int failures,
            @Nullable Instant failedAt,
            byte[] data) implements Outcome {}
}

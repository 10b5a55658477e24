package io.taskmanager.durable;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the database knows of a task.
 *
 * @param id its name
 * @param type the name of its type, which this node may not know
 * @param state where it is
 * @param key its idempotency key, if it was queued with one
 * @param priority whether it is in the priority lane
 * @param once whether it runs at most once
 * @param attempts how often it was handed to a node, the present one included
 * @param createdAt when it was queued
 * @param dueAt when it may start, or might: after an error, the end of its back-off
 * @param startedAt when the last delivery began; known only when the task has ended
 * @param finishedAt when it ended
 * @param node who has it, or had it last
 * @param lastError the class of what was thrown last
 * @param lastErrorMessage its message, shortened
 */
public record DurableTask(
        TaskId id,
        String type,
        DurableTaskState state,
        @Nullable String key,
        boolean priority,
        boolean once,
        int attempts,
        Instant createdAt,
        Instant dueAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String node,
        @Nullable String lastError,
        @Nullable String lastErrorMessage) {}

package io.taskmanager.test.autoconfigure;

import io.taskmanager.durable.DurableTask;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.engine.TaskError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as a database would have it.
 *
 * @param task what a client tells of it
 * @param payload as JSON
 * @param maxRetries its request's; null if that did not say
 * @param failures since it was queued, or queued again by a redrive
 * @param result as JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredTask(
        DurableTask task, byte[] payload, @Nullable Integer maxRetries, int failures, byte @Nullable [] result) {

    DurableTaskState state() {
        return task.state();
    }

    boolean isDue(Instant now) {
        return state() == DurableTaskState.QUEUED && !task.dueAt().isAfter(now);
    }

    StoredTask begun(Instant now, String node) {
        return with(DurableTaskState.RUNNING, task.attempts() + 1, task.dueAt(), now, null, node, null);
    }

    /** Its manager would not take it: no delivery. */
    StoredTask notBegun() {
        return with(DurableTaskState.QUEUED, task.attempts() - 1, task.dueAt(), null, null, null, null);
    }

    /** Its delivery was broken off, and is none of its failures. */
    StoredTask brokenOff() {
        return with(DurableTaskState.QUEUED, task.attempts(), task.dueAt(), null, null, null, null);
    }

    StoredTask failed(TaskError error) {
        StoredTask again = with(DurableTaskState.QUEUED, task.attempts(), task.dueAt(), null, null, null, error);
        return new StoredTask(again.task, payload, maxRetries, failures + 1, null);
    }

    StoredTask ended(DurableTaskState state, Instant now, @Nullable TaskError error) {
        return with(state, task.attempts(), task.dueAt(), task.startedAt(), now, task.node(), error);
    }

    StoredTask succeeded(Instant now, byte @Nullable [] json) {
        return new StoredTask(ended(DurableTaskState.SUCCEEDED, now, null).task, payload, maxRetries, failures, json);
    }

    StoredTask redriven(Instant now) {
        StoredTask again = with(DurableTaskState.QUEUED, task.attempts(), now, null, null, null, null);
        return new StoredTask(again.task, payload, maxRetries, 0, null);
    }

    private StoredTask with(
            DurableTaskState state,
            int attempts,
            Instant dueAt,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String node,
            @Nullable TaskError error) {
        DurableTask changed = new DurableTask(
                task.id(),
                task.type(),
                state,
                task.key(),
                task.priority(),
                task.once(),
                attempts,
                task.createdAt(),
                dueAt,
                startedAt,
                finishedAt,
                node,
                error == null ? task.lastError() : error.type(),
                error == null ? task.lastErrorMessage() : error.message());
        return new StoredTask(changed, payload, maxRetries, failures, result);
    }
}

package io.taskmanager.durable.engine;

import io.taskmanager.TaskContext;
import io.taskmanager.TaskLane;
import io.taskmanager.durable.DurableTaskContext;
import io.taskmanager.durable.TaskId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A task's context in its manager, and what the database knows. */
public record RunningTaskContext(TaskContext context, TaskId taskId, int delivery) implements DurableTaskContext {

    @Override
    public boolean isCancelled() {
        return context.isCancelled();
    }

    @Override
    public void throwIfCancelled() {
        context.throwIfCancelled();
    }

    @Override
    public void onCancel(Runnable action) {
        context.onCancel(action);
    }

    @Override
    public int attempt() {
        return context.attempt();
    }

    @Override
    public Optional<Instant> deadline() {
        return context.deadline();
    }

    @Override
    public String taskName() {
        return context.taskName();
    }

    @Override
    public String managerName() {
        return context.managerName();
    }

    @Override
    public TaskLane lane() {
        return context.lane();
    }

    @Override
    public Map<String, String> tags() {
        return context.tags();
    }

    @Override
    public boolean isOnCallersThread() {
        return context.isOnCallersThread();
    }
}

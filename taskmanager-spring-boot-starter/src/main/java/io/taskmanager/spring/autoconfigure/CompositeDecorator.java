package io.taskmanager.spring.autoconfigure;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Several decorators, the first outermost. */
final class CompositeDecorator implements TaskDecorator {

    private final List<TaskDecorator> decorators;

    CompositeDecorator(List<TaskDecorator> decorators) {
        this.decorators = List.copyOf(decorators);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        Task<R, T> decorated = task;
        for (int i = decorators.size() - 1; i >= 0; i--) {
            decorated = decorators.get(i).decorate(decorated);
        }
        return decorated;
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorateDirect(Task<R, T> task) {
        Task<R, T> decorated = task;
        for (int i = decorators.size() - 1; i >= 0; i--) {
            decorated = decorators.get(i).decorateDirect(decorated);
        }
        return decorated;
    }

    @Override
    public <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> decorateCallback(
            BiConsumer<T, @Nullable Throwable> callback) {
        BiConsumer<T, @Nullable Throwable> decorated = callback;
        for (int i = decorators.size() - 1; i >= 0; i--) {
            decorated = decorators.get(i).decorateCallback(decorated);
        }
        return decorated;
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Several decorators, the first outermost. */
final class CompositeDecorator implements TaskDecorator {

    private final List<TaskDecorator> decorators;

    CompositeDecorator(List<TaskDecorator> decorators) {
        this.decorators = List.copyOf(decorators);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        return wrapped(task, TaskDecorator::decorate);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorateDirect(Task<R, T> task) {
        return wrapped(task, TaskDecorator::decorateDirect);
    }

    @Override
    public <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> decorateCallback(
            BiConsumer<T, @Nullable Throwable> callback) {
        return wrapped(callback, TaskDecorator::decorateCallback);
    }

    private <W> W wrapped(W inner, BiFunction<TaskDecorator, W, W> wrap) {
        W wrapped = inner;
        for (int i = decorators.size() - 1; i >= 0; i--) {
            wrapped = wrap.apply(decorators.get(i), wrapped);
        }
        return wrapped;
    }
}

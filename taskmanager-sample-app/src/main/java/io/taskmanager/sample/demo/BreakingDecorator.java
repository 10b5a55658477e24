package io.taskmanager.sample.demo;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import org.jspecify.annotations.Nullable;

/** Has processors break before a task does anything with them, so that it can be run again. */
final class BreakingDecorator implements TaskDecorator {

    private final BrokenProcessors processors;

    BreakingDecorator(BrokenProcessors processors) {
        this.processors = processors;
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        return (context, processor) -> {
            processors.beforeTask();
            return task.execute(context, processor);
        };
    }
}

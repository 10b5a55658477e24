package io.taskmanager.engine;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.TaskLane;
import io.taskmanager.engine.support.Guard;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the user's decorator, if there is one, for what is to run in place of a task or a callback. Where it throws or gives
 * null, that runs as it is. Has no state of its own; called by the thread that submits, without a lock.
 */
record Decoration(@Nullable TaskDecorator decorator, Guard guard) {

    /** @param lane which of the decorator's methods is asked */
    <S, U extends @Nullable Object> Task<? super S, ? extends U> of(Task<? super S, ? extends U> task, TaskLane lane) {
        Objects.requireNonNull(task, "task");
        TaskDecorator present = decorator;
        return present == null ? task : guard.get("the task decorator", () -> decorate(present, task, lane), task);
    }

    private static <S, U extends @Nullable Object> Task<S, U> decorate(
            TaskDecorator decorator, Task<S, U> task, TaskLane lane) {
        return lane == TaskLane.DIRECT
                ? Objects.requireNonNull(decorator.decorateDirect(task), "decorateDirect() returned null")
                : Objects.requireNonNull(decorator.decorate(task), "decorate() returned null");
    }

    <U extends @Nullable Object> BiConsumer<? super U, ? super @Nullable Throwable> of(
            BiConsumer<? super U, ? super @Nullable Throwable> callback) {
        TaskDecorator present = decorator;
        if (present == null) {
            return callback;
        }
        BiConsumer<U, @Nullable Throwable> plain = callback::accept;
        return guard.get("the task decorator", () -> decorate(present, plain), plain);
    }

    private static <U extends @Nullable Object> BiConsumer<U, @Nullable Throwable> decorate(
            TaskDecorator decorator, BiConsumer<U, @Nullable Throwable> callback) {
        return Objects.requireNonNull(decorator.decorateCallback(callback), "decorateCallback() returned null");
    }
}

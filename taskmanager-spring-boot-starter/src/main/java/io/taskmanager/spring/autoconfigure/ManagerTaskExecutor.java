package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskRejectedException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.AsyncTaskExecutor;

/**
 * A manager as Spring's executor, for {@code @Async("images")}: each call is a task of the main lane, which runs once,
 * whatever it throws, since its author expects no second run.
 */
final class ManagerTaskExecutor implements AsyncTaskExecutor {

    private static final Logger log = LoggerFactory.getLogger(ManagerTaskExecutor.class);

    private final String name;
    private final Supplier<TaskManager<Object, Object>> manager;

    /** @param manager looked up with each call, so that a lazy one is created when it is needed */
    ManagerTaskExecutor(String name, Supplier<TaskManager<Object, Object>> manager) {
        this.name = name;
        this.manager = manager;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits, so what it throws is logged
    public void execute(Runnable task) {
        submitCompletable(task).whenComplete((nothing, error) -> {
            if (error != null) {
                log.error("A task of the executor of task manager '{}' failed", name, error);
            }
        });
    }

    @Override
    public Future<?> submit(Runnable task) {
        return submitCompletable(task);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return submitCompletable(task);
    }

    @Override
    public CompletableFuture<Void> submitCompletable(Runnable task) {
        return submitted(() -> {
            task.run();
            return null;
        });
    }

    @Override
    public <T> CompletableFuture<T> submitCompletable(Callable<T> task) {
        return submitted(task);
    }

    /** A refusal is thrown, as callers of executors expect. */
    private <T extends @Nullable Object> CompletableFuture<T> submitted(Callable<T> task) {
        CompletableFuture<T> future = manager.get().queueTaskOnceAsync((context, resource) -> task.call());
        if (future.isCompletedExceptionally()) {
            try {
                future.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof TaskRejectedException refusal) {
                    throw new org.springframework.core.task.TaskRejectedException(
                            String.valueOf(refusal.getMessage()), refusal);
                }
            }
        }
        return future;
    }
}

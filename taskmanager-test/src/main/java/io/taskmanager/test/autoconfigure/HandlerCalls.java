package io.taskmanager.test.autoconfigure;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskOptions;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskHandler;
import io.taskmanager.durable.autoconfigure.DurableProperties;
import io.taskmanager.durable.engine.Handlers;
import io.taskmanager.durable.engine.Json;
import io.taskmanager.durable.engine.RunningTaskContext;
import io.taskmanager.durable.engine.TaskError;
import io.taskmanager.spring.TaskManagerRegistry;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Calls handlers through the managers that they name, and tells what becomes of a task by that. */
final class HandlerCalls {

    private static final Logger log = LoggerFactory.getLogger(HandlerCalls.class);

    private final ListableBeanFactory beans;
    private final ObjectProvider<PlatformTransactionManager> transactions;
    private final Json json;
    private final DurableProperties properties;

    /** Null until all beans are there. */
    private volatile @Nullable Handlers handlers;

    HandlerCalls(
            ListableBeanFactory beans,
            ObjectProvider<PlatformTransactionManager> transactions,
            Json json,
            DurableProperties properties) {
        this.beans = beans;
        this.transactions = transactions;
        this.json = json;
        this.properties = properties;
    }

    /** Looks for the handlers, and refuses those that a node would refuse. */
    void start() {
        boolean any = properties.getWorker().isEnabled()
                && beans.getBeanNamesForType(ResolvableType.forClass(TaskHandler.class)).length > 0;
        handlers = any ? Handlers.of(beans, managers().names(), json) : new Handlers(Map.of(), Set.of(), json);
    }

    private TaskManagerRegistry managers() {
        return beans.getBean(TaskManagerRegistry.class);
    }

    /** The handler of a type, if there is one. */
    Optional<Handlers.Handler<?, ?, ?>> find(String type) {
        Handlers known = handlers;
        return known == null ? Optional.empty() : known.find(type);
    }

    /** Runs something as on a thread of its own: a transaction that has just ended is bound to this one still. */
    void outsideTransactions(Runnable action) {
        if (TransactionSynchronizationManager.getResourceMap().isEmpty()) {
            action.run();
            return;
        }
        List<PlatformTransactionManager> managers = transactions.stream().toList();
        outside(managers.iterator(), action);
    }

    private static void outside(Iterator<PlatformTransactionManager> managers, Runnable action) {
        if (!managers.hasNext()) {
            action.run();
            return;
        }
        TransactionTemplate without = new TransactionTemplate(managers.next());
        without.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
        without.executeWithoutResult(status -> outside(managers, action));
    }

    /** One delivery of a task that has begun. */
    @SuppressWarnings("unchecked") // as in production: the handler names the manager of its resource
    <P, R, E extends @Nullable Object> StoredTask deliver(StoredTask begun, Handlers.Handler<P, R, E> handler) {
        P payload;
        try {
            payload = json.payload(handler.type(), begun.payload());
        } catch (RuntimeException e) {
            return failed(begun, e, true);
        }
        TaskManager<R, Object> manager = (TaskManager<R, Object>) managers().get(handler.manager());
        boolean[] called = {false};
        Object result;
        try {
            // Not call(): that refuses to be called by a handler, which may queue and await another task.
            result = manager.submit(
                            (context, resource) -> {
                                called[0] = true;
                                return call(handler, begun, context, payload, resource);
                            },
                            options(begun))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return called[0] && begun.task().once() ? failed(begun, e, false) : begun.brokenOff();
        } catch (ExecutionException e) {
            Throwable error = e.getCause() == null ? e : e.getCause();
            return called[0] ? failed(begun, thrown(error), true) : notTaken(begun, handler, error);
        }
        try {
            return begun.succeeded(Instant.now(), json.result(handler.type(), result));
        } catch (RuntimeException e) {
            return failed(begun, e, false);
        }
    }

    /** What the handler has thrown, where the manager tells of it by an error of its own. */
    private static Throwable thrown(Throwable error) {
        boolean wrapped = error instanceof TaskManagerException && !(error instanceof TaskCancelledException);
        return wrapped && error.getCause() != null ? error.getCause() : error;
    }

    @SuppressWarnings("NullAway") // as the handler's, null included
    private static <P, R, E extends @Nullable Object> Object call(
            Handlers.Handler<P, R, E> handler, StoredTask begun, TaskContext context, P payload, R resource)
            throws Exception {
        RunningTaskContext running =
                new RunningTaskContext(context, begun.task().id(), begun.task().attempts());
        return handler.handler().handle(running, payload, resource);
    }

    private static TaskOptions options(StoredTask task) {
        TaskOptions.Builder options = TaskOptions.builder()
                .name(task.task().type())
                .tag("taskId", task.task().id().toString());
        if (task.task().priority()) {
            options.priority();
        }
        if (task.task().once()) {
            options.once();
        }
        return options.build();
    }

    private static StoredTask notTaken(StoredTask begun, Handlers.Handler<?, ?, ?> handler, Throwable e) {
        log.warn(
                "Task {} stays queued, since the manager \"{}\" has not taken it",
                begun.task().id(),
                handler.manager(),
                e);
        return begun.notBegun();
    }

    private StoredTask failed(StoredTask begun, Throwable error, boolean again) {
        log.warn(
                "Task {} of type \"{}\" has failed on delivery {}",
                begun.task().id(),
                begun.task().type(),
                begun.task().attempts(),
                error);
        if (begun.task().once()) {
            return begun.ended(DurableTaskState.FAILED, Instant.now(), TaskError.of(error));
        }
        int retries = begun.maxRetries() == null ? properties.getRetry().getMaxRetries() : begun.maxRetries();
        return again && begun.failures() < retries
                ? begun.failed(TaskError.of(error))
                : begun.ended(DurableTaskState.DEAD_LETTER, Instant.now(), TaskError.of(error));
    }
}

package io.taskmanager.durable.engine;

import com.github.kagkarlsson.scheduler.task.AbstractTask;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskOptions;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.TaskId;
import io.taskmanager.durable.engine.Outcome.Ended;
import io.taskmanager.durable.engine.Outcome.Picked;
import io.taskmanager.durable.engine.Outcome.Requeued;
import io.taskmanager.durable.engine.OutcomeObserver.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * One type, as db-scheduler knows it. A thread of db-scheduler's waits for the manager to run the task, writes what became of it,
 * and only then gives it back: so there are heartbeats for it until its outcome is committed.
 *
 * <p>db-scheduler's own handlers for completion and failure do nothing, since they would commit apart from the result.
 */
final class HandledTask<P, R, E extends @Nullable Object> extends AbstractTask<byte[]> {

    private static final Logger log = LoggerFactory.getLogger(HandledTask.class);

    /** Before a task that its manager would not take is offered again. */
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(1);

    private static final Duration PAUSE_OF_START = Duration.ofMillis(200);

    private static final Object TAKEN_OVER = new Object();

    private final Handlers.Handler<P, R, E> handled;
    private final TaskManager<R, Object> manager;
    private final NodeParts node;

    /** Those that this node has now: the others may take them for dead after an outage of the database, but not it itself. */
    private final Set<Picked> here = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("unchecked") // the user names the manager of the resource that the handler is for
    HandledTask(Handlers.Handler<P, R, E> handled, TaskManager<?, ?> manager, NodeParts node) {
        super(handled.type().name(), byte[].class, ignoresFailures(), ignoresTheDead(), TaskStore.MAIN);
        this.handled = handled;
        this.manager = (TaskManager<R, Object>) manager;
        this.node = node;
    }

    private static FailureHandler<byte[]> ignoresFailures() {
        return (complete, operations) -> {};
    }

    private static DeadExecutionHandler<byte[]> ignoresTheDead() {
        return (complete, operations) -> {};
    }

    @Override
    public SchedulableInstance<byte[]> schedulableInstance(String id) {
        throw new UnsupportedOperationException("tasks are queued by the client");
    }

    @Override
    public SchedulableInstance<byte[]> schedulableInstance(String id, byte[] data) {
        throw new UnsupportedOperationException("tasks are queued by the client");
    }

    /** One delivery, from its pick to its outcome. */
    private final class Delivery {
        final Picked picked;
        final TaskData data;
        final TaskId id;
        final int number;
        volatile @Nullable Instant startedAt;

        Delivery(Picked picked, TaskData data) {
            this.picked = picked;
            this.data = data;
            this.id = TaskId.of(picked.id());
            this.number = data.header().deliveries() + 1;
        }

        /** Called by the manager's worker, more than once where the manager itself retries. */
        @SuppressWarnings("NullAway") // as the handler's, null included
        Object run(TaskContext context, R resource, P payload) throws Exception {
            if (startedAt == null) {
                if (data.header().once() && !started()) {
                    return TAKEN_OVER; // no error: a health check could lay it on the resource
                }
                startedAt = node.clock().instant();
            }
            return node.submission()
                    .run(
                            getName(),
                            data.header(),
                            () -> handled.handler()
                                    .handle(new RunningTaskContext(context, id, number), payload, resource));
        }

        /** It must be known that this is written before the task begins, so it is tried until the database answers. */
        private boolean started() throws InterruptedException {
            while (true) {
                try {
                    return node.store().start(picked);
                } catch (DataAccessException e) {
                    log.warn("Task {} can't begin now, as that can't be written; trying again", id, e);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE_OF_START.toNanos());
            }
        }

        Outcome succeeded(byte @Nullable [] result) {
            return ended(DurableTaskState.SUCCEEDED, null, result);
        }

        Outcome failed(Throwable cause, boolean again) {
            TaskError error = TaskError.of(cause);
            if (data.header().once()) {
                return ended(DurableTaskState.FAILED, error, null);
            }
            int failures = picked.failures() + 1;
            Instant now = node.clock().instant();
            if (!again || !node.retry().mayRetry(data.header(), failures)) {
                return ended(DurableTaskState.DEAD_LETTER, error, null);
            }
            return new Requeued(
                    picked,
                    node.retry().next(data.header(), failures, now),
                    failures,
                    now,
                    node.json().write(data.failed(error)));
        }

        Outcome notBegun(Duration pause) {
            return new Requeued(
                    picked,
                    node.clock().instant().plus(pause),
                    picked.failures(),
                    null,
                    node.json().write(data));
        }

        /** Its node goes: another may have it at once, and it is no fault of the task. */
        Outcome brokenOff(Throwable cause) {
            if (data.header().once()) {
                return ended(DurableTaskState.FAILED, TaskError.of(cause), null);
            }
            return new Requeued(
                    picked,
                    node.clock().instant(),
                    picked.failures(),
                    null,
                    node.json().write(data.broken()));
        }

        private Ended ended(DurableTaskState state, @Nullable TaskError error, byte @Nullable [] result) {
            return new Ended(
                    picked,
                    state,
                    data.header(),
                    number,
                    startedAt,
                    node.clock().instant(),
                    node.name(),
                    error,
                    state == DurableTaskState.SUCCEEDED ? null : node.json().write(data),
                    result);
        }
    }

    @Override
    public CompletionHandler<byte[]> execute(TaskInstance<byte[]> instance, ExecutionContext context) {
        Picked picked = picked(context.getExecution());
        here.add(picked);
        try {
            deliver(picked, instance.getData(), context);
        } catch (InterruptedException e) {
            log.warn(
                    "Task {} was not written as ended, since the node stops and the database does not answer",
                    picked.id());
            Thread.currentThread().interrupt();
        } finally {
            here.remove(picked);
        }
        return (complete, operations) -> {};
    }

    private static Picked picked(Execution execution) {
        return new Picked(
                execution.getTaskName(),
                execution.getId(),
                execution.version,
                execution.getExecutionTime(),
                execution.taskInstance.getPriority(),
                execution.consecutiveFailures);
    }

    private void deliver(Picked picked, byte[] bytes, ExecutionContext context) throws InterruptedException {
        TaskData data;
        try {
            data = node.json().data(bytes);
        } catch (IllegalArgumentException e) {
            if (node.commits().write(unreadable(picked, bytes, e))) {
                ended(picked, Kind.DEAD_LETTER);
            }
            return;
        }
        Delivery delivery = new Delivery(picked, data);
        Outcome outcome = outcome(delivery);
        if (outcome == null) {
            log.info("Task {} was taken over by another node before it began here", picked.id());
            tell(Kind.SUPERSEDED);
            return;
        }
        // A handler that runs on this thread may have left it interrupted, and that is not for whoever waits for the
        // database.
        boolean interrupted = Thread.interrupted();
        Outcome written;
        try {
            written = write(delivery, outcome);
        } finally {
            if (interrupted && context.getSchedulerState().isShuttingDown()) {
                Thread.currentThread().interrupt();
            }
        }
        node.waiters().ended(delivery.id);
        tell(written == null ? Kind.SUPERSEDED : kind(written));
    }

    /** Not one of ours, or damaged: it would be picked for ever, as it can't even be queued again. */
    private Ended unreadable(Picked picked, byte[] bytes, IllegalArgumentException error) {
        log.error("Task {} is no task, and is not run", picked.id(), error);
        return new Ended(
                picked,
                DurableTaskState.DEAD_LETTER,
                TaskData.Header.unreadable(TaskError.of(error)),
                0,
                null,
                node.clock().instant(),
                node.name(),
                null,
                bytes,
                null);
    }

    private void ended(Picked picked, Kind kind) {
        node.waiters().ended(TaskId.of(picked.id()));
        tell(kind);
    }

    /** Null for one that nobody is told of: the task is queued again, and no error of its own was why. */
    private static @Nullable Kind kind(Outcome outcome) {
        if (outcome instanceof Ended ended) {
            return switch (ended.state()) {
                case SUCCEEDED -> Kind.SUCCEEDED;
                case FAILED -> Kind.FAILED;
                case DEAD_LETTER -> Kind.DEAD_LETTER;
                case LOST -> Kind.LOST;
                case QUEUED, RUNNING, CANCELLED -> null;
            };
        }
        return outcome instanceof Requeued requeued && requeued.failedAt() != null ? Kind.RETRIED : null;
    }

    /** What is written is so, whatever the observer makes of it. */
    private void tell(@Nullable Kind kind) {
        if (kind == null) {
            return;
        }
        for (OutcomeObserver observer : node.observers()) {
            try {
                observer.outcome(getName(), kind);
            } catch (RuntimeException | Error e) {
                log.error("Who observes the outcomes of tasks has failed with {} of type \"{}\"", kind, getName(), e);
            }
        }
    }

    /** Null if there is none, as the task is not this node's any more. */
    private @Nullable Outcome outcome(Delivery delivery) {
        P payload;
        try {
            payload = node.json().payload(handled.type(), delivery.data.payload());
        } catch (RuntimeException | StackOverflowError e) {
            log.warn("Task {} can't be run", delivery.id, e);
            return delivery.failed(e, true);
        }
        Object result;
        try {
            result = manager.call((task, resource) -> delivery.run(task, resource, payload), options(delivery));
        } catch (InterruptedException e) {
            return delivery.startedAt == null ? delivery.notBegun(Duration.ZERO) : delivery.brokenOff(e);
        } catch (TaskCancelledException e) {
            if (delivery.startedAt == null) {
                return delivery.notBegun(PAUSE_AFTER_REFUSAL);
            }
            return manager.state() == TaskManagerState.RUNNING ? delivery.failed(e, true) : delivery.brokenOff(e);
        } catch (TaskManagerException e) {
            if (delivery.startedAt == null) {
                log.debug("Task {} was not taken by the manager \"{}\"", delivery.id, handled.manager(), e);
                return delivery.notBegun(PAUSE_AFTER_REFUSAL);
            }
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.warn(
                    "Task {} of type \"{}\" has failed on delivery {}", delivery.id, getName(), delivery.number, cause);
            return delivery.failed(cause, true);
        } catch (RuntimeException | Error e) {
            log.error("Task {} could not be handed to the manager \"{}\"", delivery.id, handled.manager(), e);
            return delivery.startedAt == null ? delivery.notBegun(PAUSE_AFTER_REFUSAL) : delivery.failed(e, true);
        }
        if (result == TAKEN_OVER) {
            return null;
        }
        try {
            return delivery.succeeded(node.json().result(handled.type(), result));
        } catch (RuntimeException | StackOverflowError e) {
            log.error(
                    "Task {} has done its work, but its result can't be written; it is not run again", delivery.id, e);
            return delivery.failed(e, false);
        }
    }

    private TaskOptions options(Delivery delivery) {
        TaskOptions.Builder options = TaskOptions.builder().name(getName()).tag("taskId", delivery.id.toString());
        if (delivery.picked.priority() > TaskStore.MAIN) {
            options.priority();
        }
        if (delivery.data.header().once()) {
            options.once();
        }
        return options.build();
    }

    /** Returns what was written; null if nothing, as the task is not this node's any more. */
    private @Nullable Outcome write(Delivery delivery, Outcome outcome) throws InterruptedException {
        Outcome toWrite = outcome;
        boolean written;
        try {
            written = node.commits().write(toWrite);
        } catch (DataIntegrityViolationException e) {
            log.error("The database refuses the result of task {}; it is not run again", delivery.id, e);
            toWrite = delivery.failed(e, false);
            written = node.commits().write(toWrite);
        }
        if (!written) {
            log.warn(
                    "Task {} is not this node's any more, so its outcome here was not written: {}",
                    delivery.id,
                    outcome.getClass().getSimpleName());
        }
        return written ? toWrite : null;
    }

    /** A node has died that had a task; or was taken for dead, so its version must be the same still. */
    @Override
    public DeadExecutionHandler<byte[]> getDeadExecutionHandler() {
        return (complete, operations) -> {
            Execution execution = complete.getExecution();
            Picked picked = picked(execution);
            if (here.contains(picked)) {
                log.warn("Task {} runs here, though its heartbeats have failed for long", picked.id());
                return;
            }
            byte[] bytes = (byte[]) execution.taskInstance.getData();
            TaskData data;
            try {
                data = node.json().data(bytes);
            } catch (IllegalArgumentException e) {
                if (node.store().takeOver(unreadable(picked, bytes, e))) {
                    ended(picked, Kind.DEAD_LETTER);
                }
                return;
            }
            takeOver(picked, data, execution.pickedBy);
        };
    }

    private void takeOver(Picked picked, TaskData data, @Nullable String deadNode) {
        boolean once = data.header().once();
        TaskData next = data.died();
        if (once || next.header().deaths() < RetrySettings.MAX_DEATHS) {
            byte[] bytes = node.json().write(once ? data : next);
            if (node.store().takeOver(new Requeued(picked, node.clock().instant(), picked.failures(), null, bytes))) {
                log.info("Task {} is queued again, since its node {} has died", picked.id(), deadNode);
                node.waiters().queued(getName());
                return;
            }
            if (!once) {
                return; // another node was faster
            }
        }
        // If at most once, and still of this version, it has started: only that keeps it from being queued again.
        DurableTaskState state = once ? DurableTaskState.LOST : DurableTaskState.DEAD_LETTER;
        boolean ended = node.store()
                .takeOver(new Ended(
                        picked,
                        state,
                        data.header(),
                        next.header().deliveries(),
                        null,
                        node.clock().instant(),
                        deadNode,
                        null,
                        node.json().write(data),
                        null));
        if (ended) {
            log.warn("Task {} is {}, since its node {} has died", picked.id(), state, deadNode);
            ended(picked, once ? Kind.LOST : Kind.DEAD_LETTER);
        }
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.Backoff;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.execution.RetryDecision;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.support.Guard;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes of an attempt's outcome the answer to the task's caller, or another attempt. */
public final class OutcomeHandler {

    private final TaskQueue queue;
    private final Backoff backoff;
    private final Ledger ledger;
    private final EventLog events;

    public OutcomeHandler(TaskQueue queue, Backoff backoff, Ledger ledger, EventLog events) {
        this.queue = queue;
        this.backoff = backoff;
        this.ledger = ledger;
        this.events = events;
    }

    /**
     * Answers or re-queues. Does nothing to a task that was cancelled meanwhile, which has its answer.
     *
     * @param slot of the worker whose resource it ran on; null if that was none of a worker's
     * @param onCaller whether the current thread is its caller's
     * @return true if the task is back in the queue: then another thread may run it already
     */
    public <T extends @Nullable Object> boolean handle(
            QueuedTask<?, T> task, @Nullable WorkerSlot slot, Outcome outcome, boolean onCaller) {
        Throwable error = outcome.takeError();
        if (error == null) {
            T value = outcome.takeValue(task);
            if (onCaller && task.isAwaited()) {
                task.succeedHere(value, outcome.finishedNanos());
            } else {
                task.succeed(value, outcome.finishedNanos());
            }
            return false;
        }
        return switch (RetryDecision.of(outcome.retry(), task.attempts(), task.maxRetries())) {
            case RETRY -> retry(task, slot, outcome, onCaller);
            case FAIL -> fail(task, Outcome.failure(task, error), outcome);
            case EXHAUSTED -> fail(task, exhausted(task, error), outcome);
        };
    }

    private static boolean fail(QueuedTask<?, ?> task, TaskExecutionException error, Outcome outcome) {
        task.fail(error, outcome.finishedNanos());
        return false;
    }

    private boolean retry(QueuedTask<?, ?> task, @Nullable WorkerSlot slot, Outcome outcome, boolean onCaller) {
        if (onCaller) {
            task.leavesItsThread();
        }
        int attempts = task.attempts();
        Duration delay = backoff.delay(attempts, ThreadLocalRandom.current().nextDouble());
        boolean queued = queue.retry(task, slot, delay, outcome.finishedNanos());
        if (queued) {
            ledger.retried();
            tell(task, attempts, delay);
        }
        return queued;
    }

    private void tell(QueuedTask<?, ?> task, int attempts, Duration delay) {
        try {
            events.add(Type.TASK_RETRIED, task.name() + " after attempt " + attempts + ", in " + delay);
        } catch (OutOfMemoryError e) {
            // The retry is another thread's by now: its event is lost, and not the retry.
        }
    }

    private static RetriesExhaustedException exhausted(QueuedTask<?, ?> task, Throwable error) {
        int attempts = task.attempts();
        return new RetriesExhaustedException(
                task.describe() + " threw in each of " + attempts + " attempts, at last " + Guard.describe(error),
                attempts,
                error);
    }
}

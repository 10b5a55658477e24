package io.taskmanager.engine.worker;

import io.taskmanager.Backoff;
import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.execution.RetryDecision;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes of an attempt's outcome the answer to the task's caller, or another attempt. */
public final class OutcomeHandler {

    private final TaskQueue queue;
    private final Backoff backoff;
    private final Ledger ledger;

    public OutcomeHandler(TaskQueue queue, Backoff backoff, Ledger ledger) {
        this.queue = queue;
        this.backoff = backoff;
        this.ledger = ledger;
    }

    /** Answers or re-queues. Does nothing to a task that was cancelled meanwhile, which has its answer. */
    public <T extends @Nullable Object> void handle(QueuedTask<?, T> task, Outcome<T> outcome) {
        Throwable error = outcome.error();
        if (error == null) {
            task.succeed(outcome.value(), outcome.finishedNanos());
            return;
        }
        switch (RetryDecision.of(outcome.healthy(), task.attempts(), task.maxRetries())) {
            case FAIL -> task.fail(failure(task, error), outcome.finishedNanos());
            case EXHAUSTED -> task.fail(exhausted(task, error), outcome.finishedNanos());
            case RETRY -> retry(task);
        }
    }

    private void retry(QueuedTask<?, ?> task) {
        Duration delay =
                backoff.delay(task.attempts(), ThreadLocalRandom.current().nextDouble());
        if (queue.retry(task, delay)) {
            ledger.retried();
        }
    }

    private static TaskExecutionException failure(QueuedTask<?, ?> task, Throwable error) {
        return new TaskExecutionException(describe(task) + " threw " + error, error);
    }

    private static RetriesExhaustedException exhausted(QueuedTask<?, ?> task, Throwable error) {
        int attempts = task.attempts();
        return new RetriesExhaustedException(
                describe(task) + " threw in each of " + attempts + " attempts, at last " + error, attempts, error);
    }

    private static String describe(QueuedTask<?, ?> task) {
        return "task \"" + task.name() + "\" of manager \"" + task.managerName() + "\"";
    }
}

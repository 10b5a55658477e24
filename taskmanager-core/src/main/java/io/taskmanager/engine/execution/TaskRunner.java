package io.taskmanager.engine.execution;

import io.taskmanager.Task;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs attempts, one at a time, each on the current thread: those of a worker, or of a call that has a resource of the pool. */
public final class TaskRunner<R> {

    final AttemptRules<R> rules;
    final Consumer<QueuedTask<?, ?>> onStuck;
    private final Runnable onHungCall;
    private final Outcome outcome = new Outcome();

    /**
     * @param onStuck given the task, by another thread, if that ignores its interrupt for too long
     * @param onHungCall run, by the timer's thread, if what follows the task (health check, retry policy, validation) ignores
     *     its interrupt: the task has been answered then, and the current thread is not to be counted on
     */
    public TaskRunner(AttemptRules<R> rules, Consumer<QueuedTask<?, ?>> onStuck, Runnable onHungCall) {
        this.rules = rules;
        this.onStuck = onStuck;
        this.onHungCall = onHungCall;
    }

    /**
     * Runs an attempt. An interrupt that a canceller sent has been cleared when this returns.
     *
     * @param startedNanos when the attempt begins: now
     * @param onCaller whether the current thread is the caller's, so that an interrupt is meant for that
     * @return null if the task had ended before it could start; else valid until the next attempt
     */
    public <T extends @Nullable Object> @Nullable Outcome run(
            QueuedTask<R, T> task, ResourceHolder<R> holder, long startedNanos, boolean onCaller) {
        Task<? super R, ? extends T> toRun = task.task();
        if (toRun == null) {
            return null;
        }
        Object[] place = Frame.place();
        Frame before = Frame.in(place);
        AttemptContext context = new AttemptContext(
                this, task, task.attempts() + 1, Thread.currentThread(), onCaller, onCaller ? before : task.caller());
        try {
            boolean begun = false;
            T value = null;
            Throwable error = null;
            try {
                begun = task.waiting2running(context, startedNanos);
                if (begun) {
                    context.begin(place);
                    if (onCaller && rules.resources().isKilled()) {
                        task.kill().run(); // the kill may have looked for what runs just before this began
                    }
                    value = toRun.execute(context, holder.resource());
                }
            } catch (Throwable e) {
                begun = true; // once it has begun, the clock of its run time may not have started
                error = e;
            }
            if (!begun) {
                // Or a kill that finds this attempt would interrupt, and then abandon, what comes next on this thread.
                clearInterrupt(context.end());
                return null;
            }
            long finished = rules.timer().nanos();
            try {
                tellCaller(task, context, error);
            } finally {
                end(task, context, holder, finished);
            }
            // What is thrown from here on is the engine's: it is not asked again whether the resource is fit.
            if (error == null) {
                return succeeded(task, context, holder, value, finished);
            }
            TaskTimeoutException timeout = context.timeout();
            // What the task made of the interrupt that ended an attempt which ran too long is not told.
            Throwable thrown = error;
            Runnable onHung = () -> {
                // This thread may never come back to do so.
                task.failElsewhere(timeout == null ? Outcome.failure(task, thrown) : timeout);
                onHungCall.run();
            };
            return timeout == null
                    ? failed(task, context, holder, error, finished, onHung)
                    : outcome.threw(timeout, true, isReusable(context, holder, onHung), finished);
        } finally {
            Frame.restore(place, before);
            context.restoreOuterHook();
        }
    }

    /** Before the end of the attempt: its onCancel actions belong to that. */
    private static void tellCaller(QueuedTask<?, ?> task, AttemptContext context, @Nullable Throwable error) {
        if (error == null || context.timeout() != null) {
            return; // an interrupt was the engine's
        }
        InterruptedException interrupt = context.callersInterrupt(error);
        if (interrupt != null) {
            task.interruptCaller(interrupt);
        }
    }

    private static void end(QueuedTask<?, ?> task, AttemptContext context, ResourceHolder<?> holder, long finished) {
        context.removeHook();
        holder.used(finished);
        boolean interrupted = context.end();
        task.attemptEnded();
        clearInterrupt(interrupted);
    }

    /** One that somebody else sent meanwhile can't be told from a canceller's. */
    private static void clearInterrupt(boolean sent) {
        if (sent) {
            Thread.interrupted();
        }
    }

    private <T extends @Nullable Object> Outcome succeeded(
            QueuedTask<R, T> task, AttemptContext context, ResourceHolder<R> holder, @Nullable T value, long finished) {
        if (holder.uses() == 1 && task.ending() == null) {
            rules.resources().servedFirstTask();
        }
        boolean reusable = !context.isCancelled()
                || isReusable(context, holder, () -> {
                    task.succeedElsewhere(value);
                    onHungCall.run();
                });
        return outcome.returned(value, reusable, finished);
    }

    private Outcome failed(
            QueuedTask<R, ?> task,
            AttemptContext context,
            ResourceHolder<R> holder,
            Throwable error,
            long finished,
            Runnable onHung) {
        boolean wasEnded =
                task.ending() != null || context.isCancelled(); // cancelled, timed out, its caller interrupted
        // What a cancelled task throws says nothing of its resource, which is validated instead.
        boolean healthy = wasEnded || rules.errors().isHealthy(error, holder, onHung);
        if (rules.logger().isDebugEnabled()) {
            rules.logger()
                    .debugf(
                            "task \"%s\" threw in attempt %d, the resource is %s: %s",
                            context.taskName(),
                            context.attempt(),
                            healthy ? "healthy" : "unhealthy",
                            Guard.describe(error),
                            error);
        }
        if (holder.uses() == 1 && !wasEnded) {
            if (healthy) {
                rules.resources().servedFirstTask();
            } else {
                rules.resources().brokeInFirstTask();
            }
        }
        boolean retry = !wasEnded
                && task.maxRetries() > 0
                && rules.errors().isWorthAnother(error, context.attempt(), healthy, onHung);
        boolean reusable = healthy && isReusable(context, holder, onHung);
        return outcome.threw(error, retry, reusable, finished);
    }

    /** A task that was cancelled half-way may have left its resource in any state, and one that was stuck in a bad one. */
    private boolean isReusable(AttemptContext context, ResourceHolder<R> holder, Runnable onHung) {
        return !context.isCancelled()
                || (!context.wasStuck() && rules.resources().isValid(holder, onHung));
    }
}

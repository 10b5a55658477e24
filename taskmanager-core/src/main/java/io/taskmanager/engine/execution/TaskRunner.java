package io.taskmanager.engine.execution;

import io.taskmanager.HealthCheck;
import io.taskmanager.Logger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs one attempt of a task on a resource, on the current thread. */
public final class TaskRunner<R> {

    /** What the current thread runs; so a task that waits for its own manager is found out. */
    private static final ThreadLocal<@Nullable AttemptContext> CURRENT = new ThreadLocal<>();

    private final HealthCheck healthCheck;
    private final Resources<R> resources;
    private final Logger logger;
    private final Guard guard;
    private final Timer timer;
    private final Duration stuckTaskGrace;

    public TaskRunner(
            HealthCheck healthCheck,
            Resources<R> resources,
            Logger logger,
            Guard guard,
            Timer timer,
            Duration stuckTaskGrace) {
        this.healthCheck = healthCheck;
        this.resources = resources;
        this.logger = logger;
        this.guard = guard;
        this.timer = timer;
        this.stuckTaskGrace = stuckTaskGrace;
    }

    /**
     * Runs an attempt. An interrupt that a canceller sent has been taken back when this returns. So has one that the
     * caller was sent on whose thread it ran: that has cancelled the task.
     *
     * @param startedNanos when the attempt begins: now
     * @param onCaller whether the current thread is the caller's, so that an interrupt is meant for that
     * @param onStuck given the task, by another thread, if that ignores its interrupt for too long
     * @return null if the task had ended before it could start
     */
    public <T extends @Nullable Object> @Nullable Outcome<T> run(
            QueuedTask<R, T> task,
            ResourceHolder<R> holder,
            long startedNanos,
            boolean onCaller,
            Consumer<QueuedTask<?, ?>> onStuck) {
        AttemptContext outer = CURRENT.get();
        AttemptContext context = new AttemptContext(
                task,
                task.attempts() + 1,
                Thread.currentThread(),
                guard,
                timer,
                stuckTaskGrace,
                onStuck,
                onCaller,
                outer);
        if (!task.waiting2running(context, startedNanos)) {
            // Or a kill that finds this attempt would interrupt, and then abandon, what comes next on this thread.
            if (context.end()) {
                Thread.interrupted();
            }
            return null;
        }
        CURRENT.set(context);
        try {
            context.begin();
            T value = task.task().execute(context, holder.resource());
            long finished = timer.nanos();
            end(task, context, holder, finished, null);
            return new Outcome<>(value, null, true, isReusable(context, holder), startedNanos, finished);
        } catch (Throwable error) {
            long finished = timer.nanos();
            end(task, context, holder, finished, error);
            return failed(context, holder, error, startedNanos, finished);
        } finally {
            CURRENT.set(outer);
            context.placeOuterHook(); // now that no interrupt of a canceller is left for it to hear
        }
    }

    /** Whether the current thread runs a task of this runner's manager, if only far up its stack. */
    public boolean isRunningHere() {
        AttemptContext current = CURRENT.get();
        return current != null && current.isWithin(guard);
    }

    private void end(
            QueuedTask<?, ?> task,
            AttemptContext context,
            ResourceHolder<?> holder,
            long finished,
            @Nullable Throwable error) {
        if (error != null && tellsOfAnInterrupt(error)) {
            context.awaitHook();
        }
        // Where a channel had taken the hook's place, an error and the interrupt status tell the same.
        boolean callerInterrupted = context.removeHook() || (error != null && context.isOnInterruptedCaller());
        if (callerInterrupted && task.interruptCaller()) {
            Thread.interrupted(); // the caller will be told
        }
        holder.used(finished);
        if (context.end()) {
            Thread.interrupted(); // ours; one that somebody else sent meanwhile can't be told from it
        }
    }

    private boolean tellsOfAnInterrupt(Throwable error) {
        return error instanceof InterruptedException
                || guard.get("an error", () -> error.getCause() instanceof InterruptedException, false);
    }

    private <T extends @Nullable Object> Outcome<T> failed(
            AttemptContext context, ResourceHolder<R> holder, Throwable error, long started, long finished) {
        boolean healthy = guard.get("the health check", () -> healthCheck.isHealthy(error), true);
        if (logger.isDebugEnabled()) {
            logger.debugf(
                    "task \"%s\" threw in attempt %d, the resource is %s: %s",
                    context.taskName(),
                    context.attempt(),
                    healthy ? "healthy" : "unhealthy",
                    Guard.describe(error),
                    error);
        }
        return new Outcome<>(null, error, healthy, healthy && isReusable(context, holder), started, finished);
    }

    /** A task that was cancelled half-way may have left its resource in any state, and one that was stuck in a bad one. */
    private boolean isReusable(AttemptContext context, ResourceHolder<R> holder) {
        return !context.isCancelled() || (!context.wasStuck() && resources.isValid(holder.resource()));
    }
}

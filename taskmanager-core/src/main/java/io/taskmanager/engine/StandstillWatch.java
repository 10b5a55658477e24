package io.taskmanager.engine;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.Outage;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.AnswerThreads;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, while the manager is in an outage or paused, the tasks of callers that have waited in it for {@code acquireTimeout}:
 * so a server that is down does not park all threads of an application. Looks every so often while that lasts, at all tasks
 * that wait; otherwise there are no ticks.
 */
final class StandstillWatch {

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(10);
    private static final Duration GREATEST_INTERVAL = Duration.ofSeconds(1);

    private final String managerName;
    private final Duration acquireTimeout;
    private final Resources<?> resources;
    private final TaskQueue queue;
    /** Throws nothing: a task that was refused here, and not answered, would wait for ever. */
    private final AnswerThreads answers;

    private final Timer timer;

    /** Guarded by this. */
    private Timer.@Nullable Cancellable ticks;

    StandstillWatch(
            String managerName,
            Duration acquireTimeout,
            Resources<?> resources,
            TaskQueue queue,
            AnswerThreads answers,
            Timer timer) {
        this.managerName = managerName;
        this.acquireTimeout = acquireTimeout;
        this.resources = resources;
        this.queue = queue;
        this.answers = answers;
        this.timer = timer;
    }

    /** An outage or a pause has begun, or goes on. That has had its effect, so this waits for memory if there is none. */
    synchronized void begin() {
        while (ticks == null) {
            try {
                ticks = timer.every(interval(), this::look);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private Duration interval() {
        Duration interval = acquireTimeout.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : acquireTimeout;
        return interval.compareTo(GREATEST_INTERVAL) > 0 ? GREATEST_INTERVAL : interval;
    }

    private void look() {
        Outage outage = resources.outage();
        OptionalLong paused = queue.pausedSince();
        if (outage == null && paused.isEmpty()) {
            endUnlessBegun();
            return;
        }
        long now = timer.nanos();
        long stoodStill = Math.max(
                outage == null ? 0 : now - outage.sinceNanos(), paused.isEmpty() ? 0 : now - paused.getAsLong());
        if (stoodStill >= acquireTimeout.toNanos()) {
            refuse(now - acquireTimeout.toNanos(), outage);
        }
    }

    /**
     * An outage may begin between the look and the end of the ticks, and rely on them: so this looks once more, with the
     * monitor that its beginning takes.
     */
    private synchronized void endUnlessBegun() {
        if (ticks != null && resources.outage() == null && queue.pausedSince().isEmpty()) {
            ticks.cancel();
            ticks = null;
        }
    }

    private void refuse(long acceptedBefore, @Nullable Outage outage) {
        TaskRejectedException refusal = null;
        for (QueuedTask<?, ?> task : queue.waiting()) {
            refusal = refusal == null ? refusal(outage) : refusal;
            Runnable answer = task.refuseAwaited(refusal, acceptedBefore);
            if (answer != null) {
                refusal = null; // each caller has its own
                answers.execute(answer);
            }
        }
    }

    private TaskRejectedException refusal(@Nullable Outage outage) {
        String standstill = outage == null ? "is paused" : "can't create resources (" + outage.lastError() + ")";
        return new TaskRejectedException(
                Reason.NO_RESOURCE,
                "manager \"" + managerName + "\" " + standstill
                        + ", and a task could not be run within acquireTimeout (" + acquireTimeout + ")",
                outage == null ? null : outage.cause());
    }
}

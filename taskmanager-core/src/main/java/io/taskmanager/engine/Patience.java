package io.taskmanager.engine;

import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.Outage;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Ticker;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long the caller of a blocking form waits while the manager is in an outage, or paused: {@code acquireTimeout}, from
 * whichever began last, the call or that. So a server that is down does not park all threads of an application.
 */
final class Patience implements QueuedTask.Patience {

    private final String managerName;
    private final Duration acquireTimeout;
    private final Resources<?> resources;
    private final TaskQueue queue;
    private final Ticker clock;

    Patience(String managerName, Duration acquireTimeout, Resources<?> resources, TaskQueue queue, Ticker clock) {
        this.managerName = managerName;
        this.acquireTimeout = acquireTimeout;
        this.resources = resources;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public long nanos() {
        return acquireTimeout.toNanos();
    }

    @Override
    public long left(long sinceNanos) {
        Outage outage = resources.outage();
        OptionalLong paused = queue.pausedSince();
        if (outage == null && paused.isEmpty()) {
            return Math.max(nanos(), 1);
        }
        long now = clock.nanos();
        long stoodStill = Math.max(
                outage == null ? 0 : now - outage.sinceNanos(), paused.isEmpty() ? 0 : now - paused.getAsLong());
        return nanos() - Math.min(now - sinceNanos, stoodStill);
    }

    @Override
    public TaskManagerException refusal() {
        Outage outage = resources.outage();
        return new TaskRejectedException(
                Reason.NO_RESOURCE,
                "manager \"" + managerName + "\" " + standstill(outage)
                        + ", and a task could not be run within acquireTimeout (" + acquireTimeout + ")",
                outage == null ? null : outage.cause());
    }

    private static String standstill(@Nullable Outage outage) {
        return outage == null ? "is paused" : "can't create resources (" + outage.lastError() + ")";
    }
}

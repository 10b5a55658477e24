package io.taskmanager.spring.actuate;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.TaskManagerRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of one manager: down when no worker has a resource and none can be created, or none has had one for too long
 * while tasks wait, or no worker lives; out of service when it is paused or does not accept tasks any more; else up, with the
 * detail {@code degraded} while fewer workers serve than should. The details are its numbers; whatever is not up has a
 * {@code reason}.
 */
public final class TaskManagerHealthIndicator implements HealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(TaskManagerHealthIndicator.class);

    private final TaskManagerRegistry registry;
    private final String name;

    /** An indicator for the manager of that name; it is looked up each time. */
    public TaskManagerHealthIndicator(TaskManagerRegistry registry, String name) {
        this.registry = registry;
        this.name = name;
    }

    @Override
    public Health health() {
        TaskManager<?, ?> manager;
        try {
            manager = registry.get(name);
        } catch (BeansException e) {
            // A lazy one. What its factory says is for the log, not for the page.
            log.warn("Task manager '{}' can't be created", name, e);
            return because(Status.DOWN, "the manager can't be created").build();
        }
        // A mock has neither.
        @Nullable TaskManagerControl control = manager.control();
        @Nullable TaskStats stats = manager.stats();
        return control == null || stats == null
                ? because(Status.UNKNOWN, "the manager tells nothing").build()
                : health(manager.state(), stats, control);
    }

    private static Health health(TaskManagerState state, TaskStats stats, TaskManagerControl control) {
        Health.Builder health = status(state, stats, control)
                .withDetail("active", stats.activeWorkers())
                .withDetail("busy", stats.busyWorkers())
                .withDetail("starting", stats.startingWorkers())
                .withDetail("queued", stats.queuedTasks())
                .withDetail("priority", stats.priorityTasks())
                .withDetail("retrying", stats.retryingTasks());
        @Nullable String why = control.explain();
        return why == null ? health.build() : health.withDetail("why", why).build();
    }

    /** The end comes first: a manager that has ended has no worker, and that is as it should be. */
    private static Health.Builder status(TaskManagerState state, TaskStats stats, TaskManagerControl control) {
        if (state != TaskManagerState.RUNNING) {
            return because(Status.OUT_OF_SERVICE, "the manager is " + state);
        }
        boolean outage = control.isOutage();
        if (outage && stats.activeWorkers() == 0) {
            return because(Status.DOWN, "no resource can be created");
        }
        // A synchronous manager has none, and needs none.
        if (stats.baseWorkers() > 0 && stats.activeWorkers() + stats.startingWorkers() == 0) {
            return because(Status.DOWN, "no worker lives");
        }
        if (control.isStalled()) {
            return because(
                    Status.DOWN, "tasks wait, and no worker has had a resource for longer than its creation may take");
        }
        if (stats.paused()) {
            return because(Status.OUT_OF_SERVICE, "the manager is paused");
        }
        Health.Builder up = Health.up();
        return outage || stats.activeWorkers() < stats.baseWorkers()
                ? up.withDetail("degraded", degraded(stats, outage))
                : up;
    }

    private static String degraded(TaskStats stats, boolean outage) {
        return stats.activeWorkers() + " of " + stats.baseWorkers() + " workers have their resource"
                + (outage ? ", and no other can be created" : "");
    }

    private static Health.Builder because(Status status, String reason) {
        return Health.status(status).withDetail("reason", reason);
    }
}

package io.taskmanager.durable.actuate;

import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.SharedCall;
import io.taskmanager.durable.engine.TaskStore;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of durable tasks on this node: down when the database does not answer, or tasks run here whose heartbeats are overdue, so
 * that another node may take them; out of service when this node has stopped; else up. A node that only queues has no details.
 * Whatever is not up has a {@code reason}.
 */
public final class DurableTaskHealthIndicator implements HealthIndicator {

    private static final Logger log = LoggerFactory.getLogger(DurableTaskHealthIndicator.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(1);

    private final SharedCall<Boolean> ping;
    private final Supplier<@Nullable DurableNode> node;
    private final Duration patience;

    /** @param node this node; null if it runs no tasks */
    public DurableTaskHealthIndicator(TaskStore store, Supplier<@Nullable DurableNode> node) {
        this(store::ping, node, PATIENCE);
    }

    DurableTaskHealthIndicator(Runnable ping, Supplier<@Nullable DurableNode> node, Duration patience) {
        this.ping = new SharedCall<>(
                "durable-health",
                () -> {
                    ping.run();
                    return true;
                },
                GIVEN_UP_AFTER);
        this.node = node;
        this.patience = patience;
    }

    @Override
    public Health health() {
        String fault = fault();
        DurableNode here = node.get();
        if (here == null) {
            return fault == null
                    ? Health.up().build()
                    : because(Status.DOWN, fault).build();
        }
        int stale = here.staleHeartbeats();
        return status(fault, here, stale)
                .withDetail("node", here.name())
                .withDetail("running", here.runningTasks())
                .withDetail("staleHeartbeats", stale)
                .build();
    }

    private static Health.Builder status(@Nullable String fault, DurableNode node, int stale) {
        if (fault != null) {
            return because(Status.DOWN, fault);
        }
        if (stale > 0) {
            return because(
                    Status.DOWN,
                    "the heartbeats of " + stale + " running tasks are overdue: another node may take them");
        }
        return node.isRunning() ? Health.up() : because(Status.OUT_OF_SERVICE, "this node runs no tasks now");
    }

    /** What is wrong with the database; null if it answers. */
    private @Nullable String fault() {
        try {
            ping.ask().get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return null;
        } catch (TimeoutException e) {
            return "the database has not answered within " + patience.toSeconds() + " s";
        } catch (ExecutionException e) {
            // What the driver says is for the log, not for the page.
            log.warn("The database of the durable tasks can't be asked", e.getCause());
            return "the database can't be asked";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted before the database has answered";
        }
    }

    private static Health.Builder because(Status status, String reason) {
        return Health.status(status).withDetail("reason", reason);
    }
}

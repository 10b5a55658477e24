package io.taskmanager.concurrency;

import io.taskmanager.Backoff;
import io.taskmanager.Logger;
import io.taskmanager.ResourceFactory;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.resource.FactoryLimits;
import io.taskmanager.engine.resource.ResourceLife;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;

/** Logs nothing, and keeps books that nobody reads: a race that goes wrong shows in its outcome. */
public final class Quiet implements Logger {

    public static final Logger LOGGER = new Quiet();
    public static final Guard GUARD = new Guard(LOGGER);
    /** Many states are made: one for all. */
    public static final DefaultMetricsCollector METRICS = new DefaultMetricsCollector(() -> 0);

    public static final Ledger LEDGER = new Ledger(METRICS, new Books(), null, GUARD);

    public static final EventLog EVENTS = new EventLog("test", null, GUARD);
    private static final ResourceLife FOR_EVER = new ResourceLife(null, 0, null);
    private static final FactoryLimits NO_LIMITS =
            new FactoryLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1), Backoff.none());

    private Quiet() {}

    /** Resources without limits of any kind. */
    public static Resources<Object> resources(ResourceFactory<Object> factory, Timer timer) {
        return new Resources<>("race", factory, FOR_EVER, NO_LIMITS, EVENTS, LOGGER, GUARD, timer);
    }

    @Override
    public void debugf(String format, Object... args) {}

    @Override
    public void infof(String format, Object... args) {}

    @Override
    public void warnf(String format, Object... args) {}

    @Override
    public void errorf(String format, Object... args) {}

    @Override
    public boolean isDebugEnabled() {
        return false;
    }
}

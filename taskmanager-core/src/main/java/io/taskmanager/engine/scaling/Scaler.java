package io.taskmanager.engine.scaling;

import io.taskmanager.Logger;
import io.taskmanager.ScalingPolicy;
import io.taskmanager.ScalingSnapshot;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.scaling.DemandWindow.Demand;
import io.taskmanager.engine.scaling.DemandWindow.Sample;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.worker.WorkerPool;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the policy at each tick how many workers there should be, and has the pool follow. While all base workers wait for a
 * task, the default policy would always answer alike: then there are no ticks, so that an idle application sleeps.
 */
public final class Scaler {

    private final ScalingPolicy policy;
    private final TaskQueue queue;
    private final WorkerPool<?> pool;
    private final Resources<?> resources;
    private final Timer timer;
    private final EventLog events;
    private final Logger logger;
    private final Guard guard;

    private final Object ticking = new Object();

    // Guarded by ticking.
    private Duration interval = Duration.ZERO;
    private Timer.@Nullable Cancellable ticks;
    private boolean stopped;

    // Written under this object's monitor; read without it.
    private volatile int baseWorkers;
    private volatile int maxWorkers;

    // Guarded by this object's monitor.
    private final DemandWindow window;
    private long lastBusyNanos;
    private int target;
    private boolean rested;

    public Scaler(
            int baseWorkers,
            int maxWorkers,
            ScalingPolicy policy,
            TaskQueue queue,
            WorkerPool<?> pool,
            Resources<?> resources,
            Timer timer,
            EventLog events,
            Logger logger,
            Guard guard) {
        this.baseWorkers = baseWorkers;
        this.maxWorkers = maxWorkers;
        this.policy = policy;
        this.queue = queue;
        this.pool = pool;
        this.resources = resources;
        this.timer = timer;
        this.events = events;
        this.logger = logger;
        this.guard = guard;
        this.lastBusyNanos = timer.nanos();
        this.window = new DemandWindow(new Sample(lastBusyNanos, 0, 0, 0));
        this.target = baseWorkers;
    }

    /** Starts ticking; zero for never. */
    public void start(Duration tickInterval) {
        synchronized (ticking) {
            interval = tickInterval;
            tickAgain();
        }
    }

    public void stop() {
        synchronized (ticking) {
            stopped = true;
            pauseTicks();
        }
    }

    /** Also with the queue's lock held. */
    private void tickAgain() {
        synchronized (ticking) {
            if (ticks == null && !stopped && !interval.isZero()) {
                ticks = timer.every(interval, this::tick);
            }
        }
    }

    private void pauseTicks() {
        synchronized (ticking) {
            if (ticks != null) {
                ticks.cancel();
                ticks = null;
            }
        }
    }

    public int baseWorkers() {
        return baseWorkers;
    }

    public int maxWorkers() {
        return maxWorkers;
    }

    /** Changes the bounds, and moves the number of workers between them at once. */
    public synchronized void resize(int base, int max) {
        baseWorkers = base;
        maxWorkers = max;
        target = Math.min(Math.max(target, base), max);
        pool.resizeTo(target, max);
        tickAgain();
    }

    private synchronized void tick() {
        ScalingSnapshot snapshot = snapshot();
        int wanted = guard.get("the scaling policy", () -> policy.targetWorkers(snapshot), target);
        int next = Math.min(Math.max(wanted, baseWorkers), maxWorkers);
        // In an outage more workers would only wait for the canary.
        if (next == target || (next > target && resources.isOutage())) {
            restIfIdle(snapshot);
            return;
        }
        logger.infof("scaling from %d to %d workers", target, next);
        events.add(Type.SCALED, "from " + target + " to " + next + " workers");
        target = next;
        pool.resizeTo(next, maxWorkers);
    }

    /** The ticks end first: a task that arrives between the look at the queue and their end would find them still there. */
    private void restIfIdle(ScalingSnapshot snapshot) {
        boolean isIdle = snapshot.activeWorkers() == baseWorkers
                && snapshot.startingWorkers() == 0
                && snapshot.busyWorkers() == 0
                && snapshot.backlog() == 0;
        if (isIdle && policy instanceof DefaultScalingPolicy) {
            pauseTicks();
            rested = queue.whenStirred(this::tickAgain);
            if (!rested) {
                tickAgain();
            }
        }
    }

    private ScalingSnapshot snapshot() {
        long now = timer.nanos();
        if (rested) {
            rested = false;
            window.addQuiet(now - Math.max(interval.toNanos(), DemandWindow.NANOS));
        }
        TaskQueue.Counts tasks = queue.counts();
        WorkerPool.Counts workers = pool.counts();
        WorkerPool.Work work = pool.work();
        Demand demand = window.add(new Sample(now, tasks.accepted(), work.attempts(), work.runNanos()));
        int backlog = tasks.main() + tasks.priority();
        if (backlog > 0 || tasks.busyWorkers() >= workers.active()) {
            lastBusyNanos = now;
        }
        return new ScalingSnapshot(
                baseWorkers,
                maxWorkers,
                workers.active(),
                workers.starting(),
                tasks.busyWorkers(),
                backlog,
                demand.arrivalRate(),
                demand.completionRate(),
                demand.averageRun(),
                resources.typicalCreationTime(),
                Duration.ofNanos(now - lastBusyNanos));
    }
}

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
 * Asks the policy at each tick how many workers there should be, and has the pool follow. While all base workers are parked,
 * the default policy would always answer alike: then there are no ticks, so that an idle application sleeps. A policy of
 * the user's may know the time, and is asked at each tick.
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
                ticks = timer.every(interval, this::tickOrReport);
            }
        }
    }

    /** Also with the queue's lock held. */
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

    /** A timer runs an action no more that has thrown: after a tick for which there was no memory, there must be another. */
    private void tickOrReport() {
        try {
            guard.run("a scaling tick", this::tick);
        } catch (Throwable e) {
            // No memory to say so either.
        }
    }

    private synchronized void tick() {
        ScalingSnapshot snapshot = snapshot();
        int next = nextTarget(snapshot);
        if (next == target) {
            restIfIdle(snapshot);
            return;
        }
        if (logger.isDebugEnabled()) {
            logger.debugf("scaling from %d to %d workers", target, next);
        }
        events.add(Type.SCALED, "from " + target + " to " + next + " workers");
        target = next;
        pool.resizeTo(next, maxWorkers);
    }

    /**
     * What the policy wants, within the bounds. In an outage no more than now, since they would only wait for the canary, and
     * no fewer than have a resource, since nobody knows when there will be another.
     */
    private int nextTarget(ScalingSnapshot snapshot) {
        int wanted = guard.get("the scaling policy", () -> policy.targetWorkers(snapshot), target);
        int next = Math.min(Math.max(wanted, baseWorkers), maxWorkers);
        return resources.isOutage() ? Math.min(target, Math.max(next, snapshot.activeWorkers())) : next;
    }

    /**
     * Ends the ticks if every worker that may take a task is parked, so that the next task wakes one, and that begins them
     * again. The target is the base, so no other worker that stays is starting; it does not change meanwhile, since
     * this object's monitor is held.
     *
     * <p>The bad case: a worker has its resource, and so counts as active, but has not asked the queue for a task yet. It takes
     * the first of a burst without having been woken, and nothing would begin the ticks again. So the queue compares the
     * parked workers with the number that there are to be, and ends the ticks under its lock: no worker is woken between
     * that look and the end.
     */
    private void restIfIdle(ScalingSnapshot snapshot) {
        boolean isIdle = target == baseWorkers
                && snapshot.activeWorkers() == baseWorkers
                && snapshot.startingWorkers() == 0
                && snapshot.busyWorkers() == 0
                && snapshot.backlog() == 0;
        if (isIdle && policy instanceof DefaultScalingPolicy) {
            rested = queue.workers().whenWoken(baseWorkers, this::pauseTicks, this::tickAgain);
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
        int backlog = (int) Math.min((long) tasks.main() + tasks.priority(), Integer.MAX_VALUE);
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

package io.taskmanager.engine.scaling;

import io.taskmanager.ScalingPolicy;
import io.taskmanager.ScalingSnapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Grows while no worker is idle, to as many as the arriving load keeps busy, by Little's law (arrival rate × mean run
 * time), and as many more as run the backlog off in the time that a new resource takes. What the present workers run off
 * by then, arrivals included, is left to them.
 *
 * <p>Shrinks when there has been an idle worker and no backlog for a while, to what the load keeps busy and a margin in
 * proportion to its square root, by which the random swings of a load grow (Halfin and Whitt 1981). Else the next swing
 * would bring the same workers back.
 *
 * <p>That while is what it costs to have let a worker go too early: its resource is created again, and tasks wait for
 * that as long. Who keeps something idle for as long as it costs to get it back pays at most twice what he would have
 * paid with foresight (the ski rental problem; Karlin et al. 1988).
 *
 * <p>How it fares on traces of arrivals is in {@code docs/scaling.md}.
 */
public final class DefaultScalingPolicy implements ScalingPolicy {

    /** The least time worth growing for, whatever a resource costs. */
    private static final double MIN_HORIZON_SECONDS = 0.1;

    /** Workers kept idle on average, for each square root of a worker kept busy. */
    private static final double MARGIN = 0.5;

    private static final int IDLE_GRACE_CREATIONS = 2;
    private static final double MIN_IDLE_GRACE_SECONDS = 1;
    private static final double MAX_IDLE_GRACE_SECONDS = 60;

    private final @Nullable Duration scaleDownDelay;

    /** @param scaleDownDelay how long there must be an idle worker and no backlog before workers go; null as said above */
    public DefaultScalingPolicy(@Nullable Duration scaleDownDelay) {
        this.scaleDownDelay = scaleDownDelay;
    }

    public DefaultScalingPolicy() {
        this(null);
    }

    @Override
    public int targetWorkers(ScalingSnapshot snapshot) {
        int present = snapshot.activeWorkers() + snapshot.startingWorkers();
        int target = present;
        if (snapshot.idleTime().isZero()) {
            target = Math.max(present, wantedForBacklog(snapshot, present));
        } else if (seconds(snapshot.idleTime()) >= idleGraceSeconds(snapshot)) {
            target = Math.min(present, wantedForLoad(snapshot));
        }
        return Math.min(Math.max(target, snapshot.baseWorkers()), snapshot.maxWorkers());
    }

    private static int wantedForBacklog(ScalingSnapshot snapshot, int present) {
        if (snapshot.averageExecutionTime().isZero()) {
            return wantedForUnknownRunTime(snapshot, present);
        }
        double horizon = Math.max(seconds(snapshot.resourceCreationTime()), MIN_HORIZON_SECONDS);
        double work = snapshot.backlog() * seconds(snapshot.averageExecutionTime());
        return (int) Math.ceil(load(snapshot) + work / horizon);
    }

    /** Nothing has finished within the window, so tasks are long: each that waits would wait long. */
    private static int wantedForUnknownRunTime(ScalingSnapshot snapshot, int present) {
        boolean allBusy = snapshot.busyWorkers() >= snapshot.activeWorkers();
        long wanted = (long) present + snapshot.backlog(); // as an int it may be negative
        return allBusy && snapshot.startingWorkers() == 0 ? (int) Math.min(wanted, snapshot.maxWorkers()) : 0;
    }

    /** At least the busy ones: the mean run time knows nothing of long tasks that have not finished. */
    private static int wantedForLoad(ScalingSnapshot snapshot) {
        double load = load(snapshot);
        return Math.max(snapshot.busyWorkers(), (int) Math.ceil(load + MARGIN * Math.sqrt(load)));
    }

    /** The workers that the arriving tasks keep busy. */
    private static double load(ScalingSnapshot snapshot) {
        return snapshot.arrivalRate() * seconds(snapshot.averageExecutionTime());
    }

    private double idleGraceSeconds(ScalingSnapshot snapshot) {
        if (scaleDownDelay != null) {
            return seconds(scaleDownDelay);
        }
        double grace = IDLE_GRACE_CREATIONS * seconds(snapshot.resourceCreationTime());
        return Math.min(Math.max(grace, MIN_IDLE_GRACE_SECONDS), MAX_IDLE_GRACE_SECONDS);
    }

    /** Of any duration: its nanoseconds may be more than a long can hold. */
    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}

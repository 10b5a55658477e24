package io.taskmanager.engine.scaling;

import io.taskmanager.ScalingPolicy;
import io.taskmanager.ScalingSnapshot;
import java.time.Duration;

/**
 * Enough workers for the arriving load, by Little's law (busy workers = arrival rate × mean run time), and as many more
 * as run the backlog off in the time that a new resource takes. A backlog that the present workers run off sooner is
 * left to them.
 *
 * <p>Surplus workers go after an idle time in proportion to what it cost to create their resource, so that the price of
 * having let one go too early is small against what keeping it cost.
 */
public final class DefaultScalingPolicy implements ScalingPolicy {

    /** The least time worth growing for, whatever a resource costs. */
    private static final Duration MIN_HORIZON = Duration.ofMillis(100);

    private static final int IDLE_GRACE_CREATIONS = 10;
    private static final Duration MIN_IDLE_GRACE = Duration.ofSeconds(1);
    private static final Duration MAX_IDLE_GRACE = Duration.ofMinutes(1);

    @Override
    public int targetWorkers(ScalingSnapshot snapshot) {
        int present = snapshot.activeWorkers() + snapshot.startingWorkers();
        int wanted = wantedWorkers(snapshot, present);
        boolean shrink = snapshot.idleTime().compareTo(idleGrace(snapshot.resourceCreationTime())) >= 0;
        int target = shrink ? wanted : Math.max(present, wanted);
        return Math.min(Math.max(target, snapshot.baseWorkers()), snapshot.maxWorkers());
    }

    private static int wantedWorkers(ScalingSnapshot snapshot, int present) {
        double runSeconds = seconds(snapshot.averageExecutionTime());
        if (runSeconds == 0) {
            return wantedForUnknownRunTime(snapshot, present);
        }
        double horizon = Math.max(seconds(snapshot.resourceCreationTime()), seconds(MIN_HORIZON));
        double work = snapshot.backlog() * runSeconds;
        double steady = snapshot.arrivalRate() * runSeconds;
        boolean outlasts = work / Math.max(1, present) > horizon;
        return (int) Math.ceil(outlasts ? steady + work / horizon : steady);
    }

    /** Nothing has finished within the window, so tasks are long: each that waits would wait long. */
    private static int wantedForUnknownRunTime(ScalingSnapshot snapshot, int present) {
        boolean allBusy = snapshot.busyWorkers() >= snapshot.activeWorkers();
        return allBusy && snapshot.startingWorkers() == 0 ? present + snapshot.backlog() : 0;
    }

    private static Duration idleGrace(Duration creationTime) {
        Duration grace = creationTime.multipliedBy(IDLE_GRACE_CREATIONS);
        if (grace.compareTo(MIN_IDLE_GRACE) < 0) {
            return MIN_IDLE_GRACE;
        }
        return grace.compareTo(MAX_IDLE_GRACE) > 0 ? MAX_IDLE_GRACE : grace;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}

package io.taskmanager.engine;

import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;
import io.taskmanager.engine.resource.Outage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says in one sentence what holds the queue. Pure: all that it says is in what it was given.
 *
 * @param stats of the same moment as {@code inBackoff}
 * @param inBackoff how many of the retrying tasks wait for their back-off
 * @param outage what is known of the outage, or null
 * @param factoryCall the call of the resource factory that has been under way for the longest time, or null
 * @param longestRun how long the attempt has run that has run for the longest time; zero if none runs
 * @param scalingOff whether the number of workers is fixed
 */
record Explanation(
        TaskManagerState state,
        TaskStats stats,
        int inBackoff,
        int maxWorkers,
        @Nullable Outage outage,
        @Nullable FactoryCall factoryCall,
        Duration longestRun,
        boolean scalingOff) {

    /** From when on a task or a call of the factory is told of: most are over before anybody could look. */
    private static final Duration NOTABLE = Duration.ofSeconds(5);

    /**
     * A call of the resource factory.
     *
     * @param kind "creation", say
     */
    record FactoryCall(String kind, Duration underWay) {}

    String sentence() {
        int ready = stats.queuedTasks() + stats.priorityTasks() + stats.retryingTasks() - inBackoff;
        int workers = stats.activeWorkers();
        String waiting = ready + " tasks wait (main " + stats.queuedTasks() + ", priority " + stats.priorityTasks()
                + ", retry " + (stats.retryingTasks() - inBackoff) + ")";
        if (state == TaskManagerState.KILLED || state == TaskManagerState.TERMINATED) {
            return "Nothing moves: the manager is " + state + ", and every task was answered.";
        }
        if (ready == 0) {
            return inBackoff == 0
                    ? "Nothing waits: " + busy(workers) + inOutage() + "."
                    : inBackoff + " tasks wait for the end of their back-off (retryBackoff); nothing else does"
                            + inOutage() + ".";
        }
        if (stats.paused()) {
            return waiting + ", because the manager is paused; resume() lets them go.";
        }
        if (workers == 0) {
            return outage != null
                    ? waiting + ", because no resource can be created: " + tell(outage) + "."
                    : waiting + " for the first resource: " + stats.startingWorkers() + " workers are creating one"
                            + underWay() + ".";
        }
        if (stats.busyWorkers() < workers) {
            return "The queue moves: " + waiting + ", " + busy(workers) + inOutage() + ".";
        }
        return waiting + ", because all " + workers + " workers are busy" + forSoLong() + "; " + remedy(workers) + ".";
    }

    private String busy(int workers) {
        return stats.busyWorkers() + " of " + workers + " workers are busy" + forSoLong();
    }

    private String forSoLong() {
        return longestRun.compareTo(NOTABLE) < 0 ? "" : ", one task has run for " + seconds(longestRun);
    }

    private String underWay() {
        return factoryCall == null || factoryCall.underWay().compareTo(NOTABLE) < 0
                ? ""
                : ", and a " + factoryCall.kind() + " has been under way for " + seconds(factoryCall.underWay());
    }

    private String inOutage() {
        return outage == null ? "" : "; no more can start, since no resource can be created: " + tell(outage);
    }

    private static String tell(Outage outage) {
        Duration next = outage.nextAttempt();
        String when;
        if (next == null) {
            when = "and none is tried again before probe(), recycle() or resize()";
        } else if (next.isZero()) {
            when = "and an attempt is under way";
        } else {
            when = "and the next attempt is in " + seconds(next);
        }
        return outage.lastError() + " (failures in a row: " + outage.failures() + "), " + when;
    }

    private String remedy(int workers) {
        if (outage != null) {
            return "more can't start, since no resource can be created: " + tell(outage);
        }
        if (workers + stats.startingWorkers() >= maxWorkers) {
            return "maxWorkerCount (" + maxWorkers + ") allows no more" + underWay();
        }
        if (stats.startingWorkers() > 0) {
            return stats.startingWorkers() + " more are creating their resource" + underWay();
        }
        return scalingOff
                ? "burstInterval is zero, so there will be no more than workerCount (" + stats.baseWorkers() + ")"
                : "they will be done before another worker would be of use, or else up to " + maxWorkers
                        + " (maxWorkerCount) will come";
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() < 10_000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
    }
}

package io.taskmanager.engine;

import io.taskmanager.TaskManagerState;
import io.taskmanager.TaskStats;

/**
 * Says in one sentence what holds the queue. Pure: all that it says is in what it was given.
 *
 * @param stats of the same moment as {@code inBackoff}
 * @param inBackoff how many of the retrying tasks wait for their back-off
 * @param outage whether the last creation of a resource failed
 * @param scalingOff whether the number of workers is fixed
 */
record Explanation(
        TaskManagerState state, TaskStats stats, int inBackoff, int maxWorkers, boolean outage, boolean scalingOff) {

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
                    ? "Nothing waits: " + stats.busyWorkers() + " of " + workers + " workers are busy."
                    : inBackoff + " tasks wait for the end of their back-off (retryBackoff); nothing else does.";
        }
        if (stats.paused()) {
            return waiting + ", because the manager is paused; resume() lets them go.";
        }
        if (workers == 0) {
            return outage
                    ? waiting + ", because no resource can be created; one attempt at a time is made, with a growing"
                            + " back-off, until the resource factory succeeds."
                    : waiting + " for the first resource: " + stats.startingWorkers() + " workers are creating one.";
        }
        if (stats.busyWorkers() < workers) {
            return "The queue moves: " + waiting + ", " + stats.busyWorkers() + " of " + workers + " workers are busy.";
        }
        return waiting + ", because all " + workers + " workers are busy; " + remedy(workers);
    }

    private String remedy(int workers) {
        if (outage) {
            return "more can't start, since creating a resource failed and is tried again with back-off.";
        }
        if (workers + stats.startingWorkers() >= maxWorkers) {
            return "maxWorkerCount (" + maxWorkers + ") allows no more.";
        }
        if (stats.startingWorkers() > 0) {
            return stats.startingWorkers() + " more are creating their resource.";
        }
        return scalingOff
                ? "burstInterval is zero, so there will be no more than workerCount (" + stats.baseWorkers() + ")."
                : "they will be done before another worker would be of use, or else up to " + maxWorkers
                        + " (maxWorkerCount) will come.";
    }
}

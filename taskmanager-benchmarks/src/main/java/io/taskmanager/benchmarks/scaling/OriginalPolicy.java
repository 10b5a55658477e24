package io.taskmanager.benchmarks.scaling;

import io.taskmanager.ScalingPolicy;
import io.taskmanager.ScalingSnapshot;

/**
 * The rule of the Go original: as many workers more or less as the difference of the arrival and the completion rate is
 * worth, at the throughput that a worker has. Both rates are since the start, so that completions never outnumber
 * arrivals, and it never shrinks; and workers being created are not counted, so that it starts the missing ones again at
 * each tick until the first are there.
 */
final class OriginalPolicy implements ScalingPolicy {

    @Override
    public int targetWorkers(ScalingSnapshot snapshot) {
        return snapshot.activeWorkers() + snapshot.startingWorkers() + change(snapshot);
    }

    private static int change(ScalingSnapshot snapshot) {
        int active = snapshot.activeWorkers();
        if (active == 0) {
            return 0;
        }
        int room = Math.max(0, snapshot.maxWorkers() - active);
        double missing = snapshot.arrivalRate() - snapshot.completionRate();
        if (snapshot.completionRate() == 0) {
            return snapshot.arrivalRate() > 0 ? Math.min(1, room) : 0;
        }
        double workers = missing * active / snapshot.completionRate();
        return workers > 0
                ? (int) Math.min(Math.ceil(workers), room)
                : -(int) Math.min(Math.floor(-workers), Math.max(0, active - snapshot.baseWorkers()));
    }
}

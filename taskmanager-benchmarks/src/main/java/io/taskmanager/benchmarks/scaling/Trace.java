package io.taskmanager.benchmarks.scaling;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What happens to a pool: tasks that arrive, and how its factory fares. Times are in seconds since the start.
 *
 * @param name in file names
 * @param length when the load is over
 * @param rate the true arrival rate, tasks a second, at a time
 * @param meanRun the true mean run time
 * @param tasks in the order of their arrival
 * @param creation how long a resource takes to create
 * @param outage when creations fail
 */
record Trace(
        String name,
        double length,
        DoubleUnaryOperator rate,
        double meanRun,
        List<Task> tasks,
        double creation,
        Outage outage) {

    static final int BASE_WORKERS = 2;
    static final int MAX_WORKERS = 16;

    record Task(double arrival, double run) {}

    record Outage(double from, double to) {

        static final Outage NONE = new Outage(0, 0);

        boolean contains(double time) {
            return from <= time && time < to;
        }
    }

    /** The workers that the arriving load keeps busy, by Little's law, within what the pool may have. */
    int needed(double time) {
        int busy = (int) Math.ceil(rate.applyAsDouble(time) * meanRun - 1e-9);
        return Math.min(Math.max(busy, BASE_WORKERS), MAX_WORKERS);
    }
}

package io.taskmanager.benchmarks.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a rule fared on a trace. Times are in seconds.
 *
 * @param shortage the longest time without a break that fewer workers than needed had a resource
 * @param overshoot how many more workers there were at most than were ever needed
 * @param turns how often the number of workers turned from growing to shrinking, or back
 * @param creations begun after the start, those included that failed
 * @param resources how long resources were there, those being created included, summed over all: resource-seconds
 * @param medianWait of a task, from its arrival to its start
 * @param p95Wait of a task
 * @param course what there was at each tick
 */
record Outcome(
        double shortage,
        int overshoot,
        int turns,
        int creations,
        double resources,
        double medianWait,
        double p95Wait,
        List<Moment> course) {

    /** What there was at a tick; workers are those with a resource and those without. */
    record Moment(double time, int needed, int active, int workers, int backlog) {}

    /** Whether it is as good as the other by resources and by p95 wait, and better by one of them. */
    boolean dominates(Outcome other) {
        return resources <= other.resources
                && p95Wait <= other.p95Wait
                && (resources < other.resources || p95Wait < other.p95Wait);
    }

    static final class Builder {

        private final Trace trace;
        private final List<Moment> course = new ArrayList<>();
        private final double[] waits;
        private int started;

        Builder(Trace trace) {
            this.trace = trace;
            this.waits = new double[trace.tasks().size()];
        }

        void waited(double seconds) {
            waits[started++] = seconds;
        }

        void observe(double time, Pool pool) {
            course.add(new Moment(time, trace.needed(time), pool.active(), pool.size(), pool.backlog()));
        }

        Outcome build(int creations, double resources) {
            Arrays.sort(waits);
            int peakNeeded = course.stream().mapToInt(Moment::needed).max().orElse(0);
            int peak = course.stream().mapToInt(Moment::workers).max().orElse(0);
            return new Outcome(
                    longestShortage(),
                    Math.max(0, peak - peakNeeded),
                    turns(),
                    creations,
                    resources,
                    percentile(0.5),
                    percentile(0.95),
                    course);
        }

        private double longestShortage() {
            double longest = 0;
            double since = 0;
            for (Moment moment : course) {
                if (moment.active >= moment.needed) {
                    since = moment.time;
                }
                longest = Math.max(longest, moment.time - since);
            }
            return longest;
        }

        private int turns() {
            int turns = 0;
            int direction = 0;
            for (int i = 1; i < course.size(); i++) {
                int next = Integer.signum(course.get(i).workers - course.get(i - 1).workers);
                turns += next != 0 && next == -direction ? 1 : 0;
                direction = next != 0 ? next : direction;
            }
            return turns;
        }

        /** The nearest rank. */
        private double percentile(double part) {
            return waits.length == 0 ? 0 : waits[(int) Math.ceil(part * waits.length) - 1];
        }
    }
}

package io.taskmanager.engine.scaling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Rates over the last ten seconds, from totals sampled at each tick of the scaler. In fixed memory, however often that is.
 * Totals and times may wrap round: only their differences count. For one thread.
 */
public final class DemandWindow {

    static final long NANOS = Duration.ofSeconds(10).toNanos();

    private static final int MAX_KEPT = 200;

    /** By how much the kept samples differ in time, at least; so the window is longer than it should be by no more. */
    private static final long MIN_STEP_NANOS = NANOS / MAX_KEPT;

    /** Those of the window, oldest first; the last of all at least. With room for all: one that finds none to grow is broken. */
    private final Deque<Sample> kept = new ArrayDeque<>(MAX_KEPT + 2);

    /** Kept when another comes, if it is far enough from the one before. */
    private Sample newest;

    public DemandWindow(Sample start) {
        kept.addLast(start);
        newest = start;
    }

    /** Totals since the start: tasks accepted, attempts finished, and the time that those ran. */
    public record Sample(long nanos, long accepted, long finished, long runNanos) {}

    /**
     * What lies between the oldest and the newest sample.
     *
     * @param averageRun zero if nothing has finished, and else at least a nanosecond
     */
    public record Demand(double arrivalRate, double completionRate, Duration averageRun) {}

    /** Nothing has happened since the last sample, until a time after that and before the next. */
    public void addQuiet(long untilNanos) {
        if (untilNanos - newest.nanos() > 0) {
            append(new Sample(untilNanos, newest.accepted(), newest.finished(), newest.runNanos()));
        }
    }

    public Demand add(Sample now) {
        append(now);
        while (kept.size() > 1 && now.nanos() - kept.getFirst().nanos() > NANOS) {
            kept.removeFirst();
        }
        Sample first = kept.getFirst();
        double seconds = Math.max(1, now.nanos() - first.nanos()) / 1e9;
        long finished = now.finished() - first.finished();
        long runNanos = now.runNanos() - first.runNanos();
        return new Demand(
                (now.accepted() - first.accepted()) / seconds,
                finished / seconds,
                Duration.ofNanos(finished == 0 ? 0 : Math.max(1, runNanos / finished)));
    }

    private void append(Sample sample) {
        if (newest.nanos() - kept.getLast().nanos() >= MIN_STEP_NANOS) {
            kept.addLast(newest);
        }
        newest = sample;
    }
}

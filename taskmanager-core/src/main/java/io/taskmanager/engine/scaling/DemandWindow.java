package io.taskmanager.engine.scaling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Rates over the last ten seconds, from totals sampled at each tick of the scaler. For one thread. */
public final class DemandWindow {

    static final long NANOS = Duration.ofSeconds(10).toNanos();

    private final Deque<Sample> samples = new ArrayDeque<>();

    public DemandWindow(Sample start) {
        samples.addLast(start);
    }

    /** Totals since the start: tasks accepted, attempts finished, and the time that those ran. */
    public record Sample(long nanos, long accepted, long finished, long runNanos) {}

    /** What lies between the oldest and the newest sample. */
    public record Demand(double arrivalRate, double completionRate, Duration averageRun) {}

    /** Nothing has happened since the last sample, until a time after that and before the next. */
    public void addQuiet(long untilNanos) {
        Sample last = samples.getLast();
        long until = Math.max(last.nanos(), untilNanos);
        samples.addLast(new Sample(until, last.accepted(), last.finished(), last.runNanos()));
    }

    public Demand add(Sample now) {
        samples.addLast(now);
        while (samples.size() > 2 && now.nanos() - samples.getFirst().nanos() > NANOS) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        double seconds = Math.max(1, now.nanos() - first.nanos()) / 1e9;
        long finished = now.finished() - first.finished();
        return new Demand(
                (now.accepted() - first.accepted()) / seconds,
                finished / seconds,
                Duration.ofNanos(finished == 0 ? 0 : (now.runNanos() - first.runNanos()) / finished));
    }
}

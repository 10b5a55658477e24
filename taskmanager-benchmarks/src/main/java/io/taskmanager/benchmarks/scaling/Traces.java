package io.taskmanager.benchmarks.scaling;

import io.taskmanager.benchmarks.scaling.Trace.Outage;
import io.taskmanager.benchmarks.scaling.Trace.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/** The traces of {@code docs/scaling.md}. */
final class Traces {

    private static final double RUN = 0.1;
    private static final double CREATION = 1;

    private static final double QUIET = 10;
    private static final double BUSY = 90;

    /** How long one row of the recording is. */
    private static final double ROW = 0.1;

    private Traces() {}

    static List<Trace> all() {
        return List.of(
                trace("steady", 120, time -> 50),
                trace("step", 180, step()),
                trace("square-wave", 180, time -> time % 30 < 15 ? QUIET : BUSY),
                trace("ramp", 240, time -> Math.min(time, 240 - time)),
                trace("heavy-tail", 240, time -> 25, Load.boundedPareto(1.2, 0.05, 20), 0.21, CREATION, Outage.NONE),
                trace("slow-creation", 180, step(), Load.exponential(RUN), RUN, 10, Outage.NONE),
                trace("failing-factory", 180, step(), Load.exponential(RUN), RUN, CREATION, new Outage(0, 60)),
                recorded());
    }

    private static DoubleUnaryOperator step() {
        return time -> time >= 40 && time < 100 ? BUSY : QUIET;
    }

    private static Trace trace(String name, double length, DoubleUnaryOperator rate) {
        return trace(name, length, rate, Load.exponential(RUN), RUN, CREATION, Outage.NONE);
    }

    private static Trace trace(
            String name,
            double length,
            DoubleUnaryOperator rate,
            DoubleUnaryOperator run,
            double meanRun,
            double creation,
            Outage outage) {
        List<Task> tasks = new Load(length, rate, run).tasks();
        return new Trace(
                name, length, time -> time < length ? rate.applyAsDouble(time) : 0, meanRun, tasks, creation, outage);
    }

    /** Arrivals as recorded; what is needed goes by the whole second. */
    private static Trace recorded() {
        int[] counts = recording();
        DoubleUnaryOperator rate = time -> {
            int first = (int) time * 10;
            int sum = 0;
            for (int i = first; i < Math.min(first + 10, counts.length); i++) {
                sum += counts[i];
            }
            return sum;
        };
        List<Task> tasks = Load.recorded(counts, ROW, Load.exponential(RUN));
        return new Trace("recorded", counts.length * ROW, rate, RUN, tasks, CREATION, Outage.NONE);
    }

    private static int[] recording() {
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Traces.class.getResourceAsStream("recorded.csv")), StandardCharsets.UTF_8))) {
            return rows.lines().skip(1).mapToInt(Integer::parseInt).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

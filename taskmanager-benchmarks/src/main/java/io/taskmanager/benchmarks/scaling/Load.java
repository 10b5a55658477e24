package io.taskmanager.benchmarks.scaling;

import io.taskmanager.benchmarks.scaling.Trace.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Draws the tasks of a trace. The same on each machine: the generator and {@link StrictMath} are specified to the bit. */
final class Load {

    private static final long SEED = 42;
    private static final double STEP = 1e-3;

    private final Random random = new Random(SEED);
    private final double length;
    private final DoubleUnaryOperator rate;
    private final DoubleUnaryOperator run;

    /**
     * @param rate tasks a second at a time
     * @param run the run time at a quantile, from 0 to 1
     */
    Load(double length, DoubleUnaryOperator rate, DoubleUnaryOperator run) {
        this.length = length;
        this.rate = rate;
        this.run = run;
    }

    static DoubleUnaryOperator exponential(double mean) {
        return quantile -> -mean * StrictMath.log(1 - quantile);
    }

    /** A Pareto distribution cut off at both ends, whose tail falls by the power of {@code alpha}. */
    static DoubleUnaryOperator boundedPareto(double alpha, double least, double greatest) {
        double ratio = StrictMath.pow(least / greatest, alpha);
        return quantile -> least / StrictMath.pow(1 - quantile * (1 - ratio), 1 / alpha);
    }

    /**
     * A Poisson process whose rate varies: each arrival comes as far after the one before as it takes for the rate, summed
     * over time, to grow by what is drawn from the exponential distribution of mean 1.
     */
    List<Task> tasks() {
        DoubleUnaryOperator gap = exponential(1);
        List<Task> tasks = new ArrayList<>();
        double left = gap.applyAsDouble(random.nextDouble());
        for (long i = 0; i * STEP < length; i++) {
            left -= rate.applyAsDouble(i * STEP) * STEP;
            while (left <= 0) {
                tasks.add(new Task(i * STEP, run.applyAsDouble(random.nextDouble())));
                left += gap.applyAsDouble(random.nextDouble());
            }
        }
        return tasks;
    }

    /** As many tasks in each row of a recording as it says, at equal distances. */
    static List<Task> recorded(int[] counts, double row, DoubleUnaryOperator run) {
        Random random = new Random(SEED);
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            for (int k = 0; k < counts[i]; k++) {
                tasks.add(new Task((i + (double) k / counts[i]) * row, run.applyAsDouble(random.nextDouble())));
            }
        }
        return tasks;
    }
}

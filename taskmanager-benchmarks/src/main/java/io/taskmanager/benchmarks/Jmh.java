package io.taskmanager.benchmarks;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH, set so that each JVM gives one figure and nothing is printed. */
final class Jmh {

    private Jmh() {}

    /** Operations a second. */
    static ChainedOptionsBuilder rate(Class<?> benchmark, String method, int forks) {
        return options(benchmark, method, forks).mode(Mode.Throughput).timeUnit(TimeUnit.SECONDS);
    }

    /** Microseconds an operation. */
    static ChainedOptionsBuilder micros(Class<?> benchmark, String method, int forks) {
        return options(benchmark, method, forks).mode(Mode.AverageTime).timeUnit(TimeUnit.MICROSECONDS);
    }

    /** Without a mode: JMH would run each that is added. Warms up for the three seconds that the JIT takes with these. */
    private static ChainedOptionsBuilder options(Class<?> benchmark, String method, int forks) {
        return new OptionsBuilder()
                .include(Pattern.quote(benchmark.getName() + "." + method))
                .forks(forks)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    static Sample scores(ChainedOptionsBuilder options) throws RunnerException {
        return sample(run(options), result -> result.getPrimaryResult().getScore());
    }

    /** What a profiler measured beside. */
    static Sample secondary(ChainedOptionsBuilder options, String name) throws RunnerException {
        return sample(
                run(options), result -> result.getSecondaryResults().get(name).getScore());
    }

    private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).run();
    }

    private static Sample sample(Collection<RunResult> results, Function<BenchmarkResult, Double> score) {
        return new Sample(results.stream()
                .flatMap(result -> result.getBenchmarkResults().stream())
                .mapToDouble(score::apply)
                .toArray());
    }
}

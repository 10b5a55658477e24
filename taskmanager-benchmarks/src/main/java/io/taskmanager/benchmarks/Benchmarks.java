package io.taskmanager.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs every comparison and prints the tables of {@code docs/benchmarks.md}. Each row is the median of as many JVMs, all of
 * one table one after the other. Arguments: the names of the comparisons to run, none for all; {@code forks=3} for so many
 * JVMs.
 */
public final class Benchmarks {

    private static final Set<Rival> ASYNC =
            EnumSet.complementOf(EnumSet.of(Rival.TASK_MANAGER_PRIORITY, Rival.EXECUTOR_PRIORITY));
    private static final Set<Rival> BLOCKING = EnumSet.of(
            Rival.TASK_MANAGER, Rival.EXECUTOR, Rival.FORK_JOIN, Rival.SPRING, Rival.BULKHEAD, Rival.VIRTUAL);

    private final List<String> wanted;
    private final int forks;

    private Benchmarks(List<String> wanted, int forks) {
        this.wanted = wanted;
        this.forks = forks;
    }

    public static void main(String[] args) throws Exception {
        Map<Boolean, List<String>> parts =
                Arrays.stream(args).collect(Collectors.partitioningBy(arg -> arg.startsWith("forks=")));
        int forks = parts.get(true).stream()
                .mapToInt(arg -> Integer.parseInt(arg.substring("forks=".length())))
                .findFirst()
                .orElse(5);
        new Benchmarks(parts.get(false), forks).run();
    }

    private void run() throws Exception {
        print(System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors; each figure the median of " + forks
                + " JVMs.\n\n");
        submit("submit", "One producer, 2 workers, empty tasks", 1, 2, 0);
        submit("submit4", "4 producers, 2 workers, empty tasks", 4, 2, 0);
        submit("submit16", "8 producers, 16 workers, empty tasks", 8, 16, 0);
        submit("submit1us", "One producer, 2 workers, tasks of 1 µs", 1, 2, 1);
        submit("submit100us", "One producer, 2 workers, tasks of 100 µs", 1, 2, 100);
        priority();
        call("call", "One caller, 2 workers, empty tasks", 1, 0);
        call("call4", "4 callers, 2 workers, empty tasks", 4, 0);
        call("call1us", "One caller, 2 workers, tasks of 1 µs", 1, 1);
        borrow("borrow", "One caller, 4 resources, empty work", 1);
        borrow("borrow4", "4 callers, 4 resources, empty work", 4);
        metrics();
        allocation();
        startUp();
    }

    private void submit(String name, String what, int producers, int workers, int micros) throws Exception {
        if (isWanted(name)) {
            Table table = new Table("Submit and run: " + what, "million tasks/s", true);
            for (Rival rival : ASYNC) {
                compare(table, rival, options("submit", rival, producers, workers, micros));
            }
            print(table.markdown());
        }
    }

    private void priority() throws Exception {
        if (isWanted("priority")) {
            Table table = new Table(
                    "Submit and run: one producer, 2 workers, empty tasks, every tenth with priority",
                    "million tasks/s",
                    true);
            for (Rival rival : List.of(Rival.TASK_MANAGER_PRIORITY, Rival.EXECUTOR_PRIORITY)) {
                compare(table, rival, options("submit", rival, 1, 2, 0));
            }
            print(table.markdown());
        }
    }

    private void call(String name, String what, int callers, int micros) throws Exception {
        if (isWanted(name)) {
            Table table = new Table("Call and wait: " + what, "million calls/s", true);
            for (Rival rival : BLOCKING) {
                compare(table, rival, options("call", rival, callers, 2, micros));
            }
            print(table.markdown());
        }
    }

    private void compare(Table table, Rival rival, ChainedOptionsBuilder options) throws RunnerException {
        if (rival.isHere()) {
            table.add(rival.title(), scores(options).times(1e-6));
        }
    }

    private void borrow(String name, String what, int callers) throws Exception {
        if (isWanted(name)) {
            Table table = new Table("Borrow and use: " + what, "million uses/s", true);
            for (Borrow borrow : Borrow.values()) {
                ChainedOptionsBuilder options =
                        options(BorrowBenchmark.class, "use").threads(callers).param("borrow", borrow.name());
                table.add(borrow.title(), scores(options).times(1e-6));
            }
            print(table.markdown());
        }
    }

    private void metrics() throws Exception {
        if (isWanted("metrics")) {
            Table table = new Table("`metrics()`", "µs a call", false);
            for (String tasks : List.of("100000000", "1000")) {
                ChainedOptionsBuilder options = options(MetricsBenchmark.class, "metrics")
                        .mode(Mode.AverageTime)
                        .timeUnit(TimeUnit.MICROSECONDS)
                        .param("tasks", tasks);
                table.add("after " + tasks + " tasks", scores(options));
            }
            print(table.markdown());
        }
    }

    private void allocation() throws Exception {
        if (isWanted("allocation")) {
            Table table = new Table("Memory: one producer, 2 workers, empty tasks", "bytes allocated a task", false);
            for (Rival rival : List.of(Rival.TASK_MANAGER, Rival.EXECUTOR_FUTURE, Rival.EXECUTOR)) {
                ChainedOptionsBuilder options =
                        options("submit", rival, 1, 2, 0).addProfiler(GCProfiler.class);
                table.add(
                        rival.title(),
                        sample(
                                run(options),
                                result -> result.getSecondaryResults()
                                        .get("gc.alloc.rate.norm")
                                        .getScore()));
            }
            print(table.markdown());
        }
    }

    private void startUp() throws Exception {
        if (isWanted("startup")) {
            Table table = new Table("Start of a Spring Boot application", "ms from the start of its JVM", false);
            StartUp startUp = StartUp.measure(2 * forks + 1);
            table.add("with three managers", startUp.with());
            table.add("without the starter", startUp.without());
            print(table.markdown());
        }
    }

    private boolean isWanted(String name) {
        return wanted.isEmpty() || wanted.contains(name);
    }

    private ChainedOptionsBuilder options(String method, Rival rival, int threads, int workers, int micros) {
        return options(TaskBenchmark.class, method)
                .threads(threads)
                .param("rival", rival.name())
                .param("workers", String.valueOf(workers))
                .param("micros", String.valueOf(micros));
    }

    private ChainedOptionsBuilder options(Class<?> benchmark, String method) {
        return new OptionsBuilder()
                .include(Pattern.quote(benchmark.getName() + "." + method))
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .forks(forks)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(1)
                .measurementTime(TimeValue.seconds(2))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static Sample scores(ChainedOptionsBuilder options) throws RunnerException {
        return sample(run(options), result -> result.getPrimaryResult().getScore());
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

    @SuppressWarnings("SystemOut") // this is a command, and that is what it is for
    private static void print(String text) {
        System.out.print(text);
        System.out.flush();
    }
}

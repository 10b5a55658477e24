package io.taskmanager.benchmarks;

import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A look at the metrics after few and after many tasks. */
@State(Scope.Benchmark)
public class MetricsBenchmark {

    @Param({"1000", "100000000"})
    int tasks;

    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(System::nanoTime);

    @Setup
    public void record() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < tasks; i++) {
            long started = random.nextLong(1_000_000);
            collector.recordArrival();
            collector.recordCompletion(new TaskLifecycleTimestamps(0, started, started + random.nextLong(10_000_000)));
        }
    }

    @Benchmark
    public TaskMetrics metrics() {
        return collector.metrics();
    }
}

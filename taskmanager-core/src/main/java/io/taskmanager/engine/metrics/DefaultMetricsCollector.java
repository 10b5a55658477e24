package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Ticker;
import java.util.concurrent.atomic.LongAdder;

/** Gathers all of {@link TaskMetrics} in fixed memory; recording takes no lock. */
public final class DefaultMetricsCollector implements MetricsCollector {

    private final Ticker ticker;
    private final LatencyRecorder execution = new LatencyRecorder();
    private final LatencyRecorder wait = new LatencyRecorder();
    private final RateWindow arrivals;
    private final RateWindow completions;
    private final LongAdder arrived = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    /** @param ticker the clock that the timestamps are read from */
    public DefaultMetricsCollector(Ticker ticker) {
        this.ticker = ticker;
        long now = ticker.nanos();
        this.arrivals = new RateWindow(now);
        this.completions = new RateWindow(now);
    }

    @Override
    public void recordArrival() {
        arrived.increment();
        arrivals.record(ticker.nanos());
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        recordRun(stamps);
        completed.increment();
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        recordRun(stamps);
        failed.increment();
    }

    private void recordRun(TaskLifecycleTimestamps stamps) {
        execution.record(stamps.finishedNanos() - stamps.startedNanos());
        wait.record(stamps.startedNanos() - stamps.queuedNanos());
        completions.record(stamps.finishedNanos());
    }

    @Override
    public void recordRetry() {
        retried.increment();
    }

    @Override
    public void recordRejection() {
        rejected.increment();
    }

    @Override
    public void recordCancellation() {
        cancelled.increment();
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        timedOut.increment();
    }

    @Override
    public TaskMetrics metrics() {
        long now = ticker.nanos();
        LatencyRecorder.Snapshot executions = execution.snapshot();
        LatencyRecorder.Snapshot waits = wait.snapshot();
        long completions = completed.sum();
        long failures = failed.sum();
        long cancellations = cancelled.sum();
        long timeouts = timedOut.sum();
        long terminal = completions + failures + cancellations + timeouts;
        return new TaskMetrics(
                executions.average(),
                executions.min(),
                executions.max(),
                executions.percentile(95),
                executions.percentile(99),
                waits.average(),
                arrivals.perSecond(now),
                this.completions.perSecond(now),
                completions,
                failures,
                retried.sum(),
                share(completions, terminal),
                share(failures + timeouts, terminal),
                executions.percentile(50),
                waits.percentile(95),
                waits.percentile(99),
                waits.max(),
                arrived.sum(),
                rejected.sum(),
                cancellations,
                timeouts);
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}

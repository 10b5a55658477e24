package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Ticker;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers all of {@link TaskMetrics} in fixed memory; recording takes no lock. What is written for each task is there
 * several times, so that two threads seldom write to the same.
 */
public final class DefaultMetricsCollector implements MetricsCollector {

    private static final int STRIPES =
            Math.min(8, Integer.highestOneBit(4 * Runtime.getRuntime().availableProcessors() - 1));

    private final Ticker ticker;
    private final long startNanos;
    /** By the number of the thread that writes, each made when it is first needed; a power of two. */
    private final AtomicReferenceArray<@Nullable Stripe> stripes = new AtomicReferenceArray<>(STRIPES);

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
        this.startNanos = ticker.nanos();
    }

    private static final class Stripe {

        final LatencyRecorder execution = new LatencyRecorder();
        final LatencyRecorder wait = new LatencyRecorder();
        final RateWindow arrivals;
        final RateWindow completions;

        Stripe(long startNanos) {
            arrivals = new RateWindow(startNanos);
            completions = new RateWindow(startNanos);
        }
    }

    private Stripe stripe() {
        int index = (int) Thread.currentThread().getId() & (STRIPES - 1);
        Stripe stripe = stripes.get(index);
        if (stripe == null) {
            stripes.compareAndSet(index, null, new Stripe(startNanos));
            stripe = Objects.requireNonNull(stripes.get(index));
        }
        return stripe;
    }

    @Override
    public void recordArrival() {
        recordArrival(ticker.nanos());
    }

    /** As {@link #recordArrival()}, by a caller who has just looked at the clock. */
    void recordArrival(long nowNanos) {
        arrived.increment();
        stripe().arrivals.record(nowNanos);
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        recordCompletion(stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
    }

    void recordCompletion(long queuedNanos, long startedNanos, long finishedNanos) {
        recordRun(queuedNanos, startedNanos, finishedNanos);
        completed.increment();
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        recordRun(stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
        failed.increment();
    }

    private void recordRun(long queuedNanos, long startedNanos, long finishedNanos) {
        Stripe stripe = stripe();
        stripe.execution.record(finishedNanos - startedNanos);
        stripe.wait.record(startedNanos - queuedNanos);
        stripe.completions.record(finishedNanos);
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
        List<Stripe> all = IntStream.range(0, STRIPES)
                .mapToObj(stripes::get)
                .filter(Objects::nonNull)
                .toList();
        LatencyRecorder.Snapshot executions =
                LatencyRecorder.snapshot(all.stream().map(stripe -> stripe.execution));
        LatencyRecorder.Snapshot waits = LatencyRecorder.snapshot(all.stream().map(stripe -> stripe.wait));
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
                all.stream()
                        .mapToDouble(stripe -> stripe.arrivals.perSecond(now))
                        .sum(),
                all.stream()
                        .mapToDouble(stripe -> stripe.completions.perSecond(now))
                        .sum(),
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

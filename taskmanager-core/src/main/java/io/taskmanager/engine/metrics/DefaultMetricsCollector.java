package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Ticker;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Gathers all of {@link TaskMetrics} in fixed memory. What is written for each task is there several times, in stripes; a
 * thread has one to itself while it writes, so that nobody waits, and no two processors write to the same memory.
 */
public final class DefaultMetricsCollector implements MetricsCollector {

    private static final int STRIPES = Math.min(8, 2 * Runtime.getRuntime().availableProcessors());

    private final Ticker ticker;
    private final long startNanos;
    /** Each made when it is first needed. */
    private final AtomicReferenceArray<@Nullable Stripe> stripes;

    private final LongAdder retried = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();

    /** @param ticker the clock that the timestamps are read from */
    public DefaultMetricsCollector(Ticker ticker) {
        this(ticker, STRIPES);
    }

    /** With fewer stripes, for threads that are to meet. */
    DefaultMetricsCollector(Ticker ticker, int stripes) {
        this.stripes = new AtomicReferenceArray<>(stripes);
        this.ticker = ticker;
        this.startNanos = ticker.nanos();
    }

    /** All but the claim is for the thread that has claimed it. */
    private static final class Stripe {

        private static final AtomicIntegerFieldUpdater<Stripe> CLAIMED =
                AtomicIntegerFieldUpdater.newUpdater(Stripe.class, "claimed");

        private volatile int claimed;

        final LatencyRecorder execution = new LatencyRecorder();
        final LatencyRecorder wait = new LatencyRecorder();
        final RateWindow arrivals;
        final RateWindow completions;
        long arrived;
        long completed;
        long failed;

        Stripe(long startNanos) {
            arrivals = new RateWindow(startNanos);
            completions = new RateWindow(startNanos);
        }

        boolean claim() {
            return claimed == 0 && CLAIMED.compareAndSet(this, 0, 1);
        }

        /** What was written is seen by the next to claim it. */
        void release() {
            CLAIMED.lazySet(this, 0);
        }
    }

    /**
     * Claims the thread's own stripe, by its number; or the next one, if another thread is writing to that, or has been held
     * up while it did.
     */
    private Stripe claim() {
        int own = (int) (Thread.currentThread().getId() % stripes.length());
        while (true) {
            for (int i = 0; i < stripes.length(); i++) {
                Stripe stripe = stripe((own + i) % stripes.length());
                if (stripe.claim()) {
                    return stripe;
                }
            }
            Thread.yield(); // as many threads as there are stripes were held up
        }
    }

    private Stripe stripe(int index) {
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
        Stripe stripe = claim();
        try {
            stripe.arrived++;
            stripe.arrivals.record(nowNanos);
        } finally {
            stripe.release();
        }
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        recordCompletion(stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
    }

    void recordCompletion(long queuedNanos, long startedNanos, long finishedNanos) {
        Stripe stripe = claim();
        try {
            stripe.completed++;
            recordRun(stripe, queuedNanos, startedNanos, finishedNanos);
        } finally {
            stripe.release();
        }
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        Stripe stripe = claim();
        try {
            stripe.failed++;
            recordRun(stripe, stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
        } finally {
            stripe.release();
        }
    }

    private static void recordRun(Stripe stripe, long queuedNanos, long startedNanos, long finishedNanos) {
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
        LatencyRecorder executions = new LatencyRecorder();
        LatencyRecorder waits = new LatencyRecorder();
        double arrivalRate = 0;
        double completionRate = 0;
        long arrivals = 0;
        long completions = 0;
        long failures = 0;
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = claim(i);
            if (stripe == null) {
                continue;
            }
            try {
                executions.add(stripe.execution);
                waits.add(stripe.wait);
                arrivalRate += stripe.arrivals.perSecond(now);
                completionRate += stripe.completions.perSecond(now);
                arrivals += stripe.arrived;
                completions += stripe.completed;
                failures += stripe.failed;
            } finally {
                stripe.release();
            }
        }
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
                arrivalRate,
                completionRate,
                completions,
                failures,
                retried.sum(),
                share(completions, terminal),
                share(failures + timeouts, terminal),
                executions.percentile(50),
                waits.percentile(95),
                waits.percentile(99),
                waits.max(),
                arrivals,
                rejected.sum(),
                cancellations,
                timeouts);
    }

    /** How many tasks have completed. */
    long completed() {
        long completed = 0;
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = claim(i);
            if (stripe != null) {
                completed += stripe.completed;
                stripe.release();
            }
        }
        return completed;
    }

    /** For a look at it; null if it was never needed. */
    private @Nullable Stripe claim(int index) {
        Stripe stripe = stripes.get(index);
        while (stripe != null && !stripe.claim()) {
            Thread.yield();
        }
        return stripe;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}

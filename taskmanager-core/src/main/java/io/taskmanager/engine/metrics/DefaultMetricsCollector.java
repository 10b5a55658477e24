package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.engine.support.Ticker;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gathers all of {@link TaskMetrics} in fixed memory. What is written for each task is there several times, in stripes; a
 * thread has one to itself while it writes, so that nobody waits, and no two processors write to the same memory.
 *
 * <p>Recording needs no memory, once this is made: a process whose heap is full still counts.
 */
public final class DefaultMetricsCollector implements MetricsCollector {

    private static final int STRIPES = Math.min(8, 2 * Runtime.getRuntime().availableProcessors());

    private final Ticker ticker;
    private final long startNanos;
    private final LongFunction<Stripe> newStripe;
    /** There from the start, so that there is always one to write to. */
    private final Stripe first;
    /** The first, and others that are made when two threads meet. */
    private final AtomicReferenceArray<@Nullable Stripe> stripes;

    // Not adders: those want memory where threads meet.
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong timedOut = new AtomicLong();

    /** @param ticker the clock that the timestamps are read from */
    public DefaultMetricsCollector(Ticker ticker) {
        this(ticker, STRIPES);
    }

    /** With fewer stripes, for threads that are to meet. */
    DefaultMetricsCollector(Ticker ticker, int stripes) {
        this(ticker, stripes, Stripe::new);
    }

    /** With stripes that may not be had. */
    DefaultMetricsCollector(Ticker ticker, int stripes, LongFunction<Stripe> newStripe) {
        this.ticker = ticker;
        this.startNanos = ticker.nanos();
        this.newStripe = newStripe;
        this.first = newStripe.apply(startNanos);
        this.stripes = new AtomicReferenceArray<>(stripes);
        this.stripes.set(0, first);
    }

    /** All but the claim is for the thread that has claimed it. */
    static final class Stripe {

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

        /**
         * What was written is seen by the next to claim it. As the last step of a {@code try}: a caller who has no stack
         * left can't call this either, and then its {@code catch} sets {@link #claimed}, which takes no call.
         */
        void release() {
            CLAIMED.lazySet(this, 0);
        }
    }

    /** Claims the thread's own stripe, by its number, or the first while it has none. Nothing can fail after the claim. */
    private Stripe claim() {
        int own = Math.floorMod(Thread.currentThread().getId(), stripes.length());
        Stripe usual = stripes.get(own);
        if (usual == null) {
            usual = first;
        }
        return usual.claim() ? usual : claimAnother(own);
    }

    /** Another thread is writing to the usual one, or has been held up while it did. */
    private Stripe claimAnother(int own) {
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

    /** The stripe of a number, made if need be; the first, if there is no memory to make it. */
    private Stripe stripe(int index) {
        Stripe stripe = stripes.get(index);
        if (stripe != null) {
            return stripe;
        }
        try {
            stripes.compareAndSet(index, null, newStripe.apply(startNanos));
        } catch (OutOfMemoryError e) {
            return first;
        }
        return Objects.requireNonNull(stripes.get(index));
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
            stripe.release();
        } catch (Throwable e) {
            stripe.claimed = 0;
            throw e;
        }
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        recordCompletion(stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
    }

    void recordCompletion(long queuedNanos, long startedNanos, long finishedNanos) {
        recordRun(true, queuedNanos, startedNanos, finishedNanos);
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        recordFailure(stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
    }

    void recordFailure(long queuedNanos, long startedNanos, long finishedNanos) {
        recordRun(false, queuedNanos, startedNanos, finishedNanos);
    }

    private void recordRun(boolean success, long queuedNanos, long startedNanos, long finishedNanos) {
        Stripe stripe = claim();
        try {
            if (success) {
                stripe.completed++;
            } else {
                stripe.failed++;
            }
            stripe.execution.record(finishedNanos - startedNanos);
            stripe.wait.record(startedNanos - queuedNanos);
            stripe.completions.record(finishedNanos);
            stripe.release();
        } catch (Throwable e) {
            stripe.claimed = 0;
            throw e;
        }
    }

    @Override
    public void recordRetry() {
        retried.incrementAndGet();
    }

    @Override
    public void recordRejection() {
        rejected.incrementAndGet();
    }

    @Override
    public void recordCancellation() {
        cancelled.incrementAndGet();
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        recordTimeout();
    }

    void recordTimeout() {
        timedOut.incrementAndGet();
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
                stripe.claimed = 0;
            }
        }
        long cancellations = cancelled.get();
        long timeouts = timedOut.get();
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
                retried.get(),
                share(completions, terminal),
                share(failures + timeouts, terminal),
                executions.percentile(50),
                waits.percentile(95),
                waits.percentile(99),
                waits.max(),
                arrivals,
                rejected.get(),
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
                stripe.claimed = 0;
            }
        }
        return completed;
    }

    /** For a look at it, released by a write to {@link Stripe#claimed}; null if it was never needed. */
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

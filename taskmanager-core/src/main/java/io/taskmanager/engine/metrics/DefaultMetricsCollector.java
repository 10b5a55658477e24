package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskTimes;
import io.taskmanager.engine.support.Padded;
import io.taskmanager.engine.support.Ticker;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gathers all of {@link TaskMetrics} in fixed memory. What is written for each task is there several times, in stripes; a
 * thread has one to itself while it writes, so that nobody waits, and no two processors write to the same memory.
 *
 * <p>Recording needs no memory, once this is made: a process whose heap is full still counts.
 */
public final class DefaultMetricsCollector implements MetricsCollector {

    // No switch over an outcome: that has a class of its own, which is broken for ever if there is no memory at its
    // first use.
    private static final int OUTCOMES = TaskOutcome.values().length;
    private static final int LANES = TaskLane.values().length;
    private static final int COMPLETED = TaskOutcome.COMPLETED.ordinal();
    private static final int FAILED = TaskOutcome.FAILED.ordinal();
    private static final int CANCELLED = TaskOutcome.CANCELLED.ordinal();
    private static final int TIMED_OUT = TaskOutcome.TIMED_OUT.ordinal();

    /** A power of two: a thread finds its own without a division, which would take as long as the claim. */
    private static final int STRIPES =
            Integer.highestOneBit(Math.min(8, 2 * Runtime.getRuntime().availableProcessors()));

    private final Ticker ticker;
    private final long startNanos;
    private final LongFunction<Stripe> newStripe;
    /** There from the start, so that there is always one to write to. */
    private final Stripe first;
    /** The first, and others that are made when two threads meet. */
    private final AtomicReferenceArray<@Nullable Stripe> stripes;

    private final int ownMask;

    // Not adders: those want memory where threads meet.
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();

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
        this.ownMask = Integer.highestOneBit(stripes) - 1;
        this.stripes.set(0, first);
    }

    /** All but the claim is for the thread that has claimed it. */
    static final class Stripe extends Padded {

        private static final AtomicIntegerFieldUpdater<Stripe> CLAIMED =
                AtomicIntegerFieldUpdater.newUpdater(Stripe.class, "claimed");

        private volatile int claimed;

        final LatencyRecorder execution = new LatencyRecorder();
        final LatencyRecorder wait = new LatencyRecorder();
        final RateWindow arrivals;
        final RateWindow completions;
        long arrived;
        long cancelledUnstarted;
        /** How many tasks ended, by outcome. */
        final long[] ends = new long[OUTCOMES];
        /** The run times of those that were started, by outcome. */
        final Tally[] runs = tallies(OUTCOMES);
        /** Their waits, by lane. */
        final Tally[] waits = tallies(LANES);

        Stripe(long startNanos) {
            arrivals = new RateWindow(startNanos);
            completions = new RateWindow(startNanos);
        }

        private static Tally[] tallies(int count) {
            Tally[] tallies = new Tally[count];
            for (int i = 0; i < count; i++) {
                tallies[i] = new Tally();
            }
            return tallies;
        }

        /** The counts first: they take no call, so a full stack leaves them right. */
        void end(
                TaskOutcome outcome,
                TaskLane lane,
                boolean started,
                long queuedNanos,
                long startedNanos,
                long finishedNanos) {
            int index = outcome.ordinal();
            ends[index]++;
            if (!started && index == CANCELLED) {
                cancelledUnstarted++;
            }
            long run = Math.max(0, finishedNanos - startedNanos);
            long waited = Math.max(0, startedNanos - queuedNanos);
            if (started) {
                runs[index].add(run);
                waits[lane.ordinal()].add(waited);
            }
            if (index == COMPLETED || index == FAILED) {
                execution.record(run);
                wait.record(waited);
                completions.record(finishedNanos);
            }
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
        int own = (int) Thread.currentThread().getId() & ownMask;
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

    /** Records arrivals: one, and those that it is linked to. */
    void recordArrivals(Arrival newest) {
        Stripe stripe = claim();
        try {
            for (Arrival task = newest; task != null; task = task.earlier()) {
                stripe.arrived++;
                stripe.arrivals.record(task.queuedNanos());
            }
            stripe.release();
        } catch (Throwable e) {
            stripe.claimed = 0;
            throw e;
        }
    }

    /** Takes one arrival back. */
    void withdrawArrival() {
        Stripe stripe = claim();
        stripe.arrived--;
        stripe.claimed = 0;
    }

    /**
     * Records the end of a task, however it ended, in one step.
     *
     * @param started whether there was an attempt; for the times see {@link TaskLifecycleTimestamps}
     */
    void recordEnd(
            TaskOutcome outcome,
            TaskLane lane,
            boolean started,
            long queuedNanos,
            long startedNanos,
            long finishedNanos) {
        Stripe stripe = claim();
        try {
            stripe.end(outcome, lane, started, queuedNanos, startedNanos, finishedNanos);
            stripe.release();
        } catch (Throwable e) {
            stripe.claimed = 0;
            throw e;
        }
    }

    private void recordEnd(TaskOutcome outcome, TaskLifecycleTimestamps stamps) {
        recordEnd(outcome, TaskLane.MAIN, true, stamps.queuedNanos(), stamps.startedNanos(), stamps.finishedNanos());
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        recordEnd(TaskOutcome.COMPLETED, stamps);
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        recordEnd(TaskOutcome.FAILED, stamps);
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
        recordEnd(TaskOutcome.CANCELLED, TaskLane.MAIN, false, 0, 0, 0);
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        recordEnd(TaskOutcome.TIMED_OUT, stamps);
    }

    @Override
    public TaskMetrics metrics() {
        long now = ticker.nanos();
        LatencyRecorder executions = new LatencyRecorder();
        LatencyRecorder waits = new LatencyRecorder();
        double arrivalRate = 0;
        double completionRate = 0;
        long arrivals = 0;
        long[] ends = new long[OUTCOMES];
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
                for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                    ends[outcome] += stripe.ends[outcome];
                }
            } finally {
                stripe.claimed = 0;
            }
        }
        long completions = ends[COMPLETED];
        long failures = ends[FAILED];
        long cancellations = ends[CANCELLED];
        long timeouts = ends[TIMED_OUT];
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

    /** The run times of the tasks that ended so, of those that were started. */
    public TaskTimes executionTimes(TaskOutcome outcome) {
        return sum(stripe -> stripe.runs[outcome.ordinal()]);
    }

    /** The waits of the tasks of a lane that have ended, of those that were started. */
    public TaskTimes waitTimes(TaskLane lane) {
        return sum(stripe -> stripe.waits[lane.ordinal()]);
    }

    private TaskTimes sum(Function<Stripe, Tally> part) {
        Tally sum = new Tally();
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = claim(i);
            if (stripe != null) {
                try {
                    sum.add(part.apply(stripe));
                } finally {
                    stripe.claimed = 0;
                }
            }
        }
        return sum.times();
    }

    /** The ends since the start; {@code abandoned} is 0. Those that ran into a limit count as failed. */
    ShutdownReport totals() {
        long completed = 0;
        long failed = 0;
        long cancelled = 0;
        long unstarted = 0;
        for (int i = 0; i < stripes.length(); i++) {
            Stripe stripe = claim(i);
            if (stripe != null) {
                completed += stripe.ends[COMPLETED];
                failed += stripe.ends[FAILED] + stripe.ends[TIMED_OUT];
                cancelled += stripe.ends[CANCELLED] - stripe.cancelledUnstarted;
                unstarted += stripe.cancelledUnstarted;
                stripe.claimed = 0;
            }
        }
        return new ShutdownReport(completed, failed, cancelled, unstarted, 0);
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

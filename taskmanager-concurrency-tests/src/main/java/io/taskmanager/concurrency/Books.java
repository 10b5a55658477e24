package io.taskmanager.concurrency;

import io.taskmanager.MetricsCollector;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import java.util.concurrent.atomic.AtomicInteger;

/** How tasks ended, as the ledger tells it. */
final class Books implements MetricsCollector {

    static final String NONE = "none";

    private final AtomicInteger completed = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger timedOut = new AtomicInteger();
    private final AtomicInteger rejected = new AtomicInteger();

    /** The ends: "none", one such as "CANCELLED", or what must not be, several. */
    String ends() {
        String ends = NONE;
        ends = add(ends, "COMPLETED", completed.get());
        ends = add(ends, "FAILED", failed.get());
        ends = add(ends, "CANCELLED", cancelled.get());
        ends = add(ends, "TIMED_OUT", timedOut.get());
        return add(ends, "REJECTED", rejected.get());
    }

    private static String add(String ends, String end, int times) {
        if (times == 0) {
            return ends;
        }
        return times == 1 && ends.equals(NONE) ? end : ends + "+" + times + "*" + end;
    }

    @Override
    public void recordArrival() {}

    @Override
    public void recordRetry() {}

    @Override
    public void recordRejection() {
        rejected.incrementAndGet();
    }

    @Override
    public void recordCompletion(TaskLifecycleTimestamps stamps) {
        completed.incrementAndGet();
    }

    @Override
    public void recordFailure(TaskLifecycleTimestamps stamps) {
        failed.incrementAndGet();
    }

    @Override
    public void recordCancellation() {
        cancelled.incrementAndGet();
    }

    @Override
    public void recordTimeout(TaskLifecycleTimestamps stamps) {
        timedOut.incrementAndGet();
    }

    @Override
    public TaskMetrics metrics() {
        throw new UnsupportedOperationException("nobody asks");
    }
}

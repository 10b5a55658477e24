package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Rival.Subject;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How long a task waits, from just before its submission until a worker starts it, with workers that are busy half of
 * the time. Tasks arrive when they are due, however long those before them wait; when the submitter is late, it submits
 * at once all that are due, and tells how late it was.
 *
 * <p>Arguments: the rival, its workers, whether the submitter spins (else it parks) until a task is due, the seed.
 */
final class LatencyRun {

    private static final int WORK_MICROS = 100;
    private static final int ROOM = 100_000;
    private static final int WARM_UP_TASKS = 300_000;
    private static final int WARM_UP_SECONDS = 2;
    private static final int SECONDS = 6;

    private final Subject subject;
    private final int workers;
    private final boolean isSpinning;

    private LatencyRun(Subject subject, int workers, boolean isSpinning) {
        this.subject = subject;
        this.workers = workers;
        this.isSpinning = isSpinning;
    }

    public static void main(String[] args) throws Exception {
        int workers = Integer.parseInt(args[1]);
        long seed = Long.parseLong(args[3]);
        try (Subject subject = Rival.valueOf(args[0]).start(workers, ROOM)) {
            LatencyRun run = new LatencyRun(subject, workers, Boolean.parseBoolean(args[2]));
            run.warmUp();
            run.arrive(WARM_UP_SECONDS, seed + 1);
            run.arrive(SECONDS, seed).tell();
        }
    }

    /** Has the JIT compile what is measured. */
    private void warmUp() throws InterruptedException {
        int batch = 1000;
        for (int done = 0; done < WARM_UP_TASKS; done += batch) {
            CountDownLatch left = new CountDownLatch(batch);
            for (int i = 0; i < batch; i++) {
                subject.submit(new Request(0, left));
            }
            left.await();
        }
    }

    private Result arrive(int seconds, long seed) throws InterruptedException {
        double meanNanos = 2 * WORK_MICROS * 1000.0 / workers;
        long[] due = Arrivals.poisson((int) (seconds * 1e9 / meanNanos), meanNanos, seed);
        CountDownLatch left = new CountDownLatch(due.length);
        Request[] requests = Stream.generate(() -> new Request(WORK_MICROS, left))
                .limit(due.length)
                .toArray(Request[]::new);
        long start = System.nanoTime();
        for (int i = 0; i < due.length; i++) {
            requests[i].submitting(waitUntil(start + due[i]));
            subject.submit(requests[i]);
        }
        left.await();
        return new Result(requests, due, start, System.nanoTime(), workers);
    }

    /** Gives what time it is then. */
    private long waitUntil(long due) {
        long now = System.nanoTime();
        while (now < due) {
            if (isSpinning) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(due - now);
            }
            now = System.nanoTime();
        }
        return now;
    }

    private record Result(Request[] requests, long[] due, long start, long end, int workers) {

        void tell() {
            Histogram waits = new Histogram(3);
            Histogram late = new Histogram(3);
            for (int i = 0; i < requests.length; i++) {
                waits.recordValue(requests[i].waited());
                late.recordValue(requests[i].submitted() - start - due[i]);
            }
            Jvm.tell("p50", waits.getValueAtPercentile(50) / 1000.0);
            Jvm.tell("p99", waits.getValueAtPercentile(99) / 1000.0);
            Jvm.tell("p999", waits.getValueAtPercentile(99.9) / 1000.0);
            Jvm.tell("late", late.getValueAtPercentile(99) / 1000.0);
            double worked = Arrays.stream(requests).mapToLong(Request::worked).sum();
            Jvm.tell("busy", 100 * worked / workers / (end - start));
        }
    }
}

package io.taskmanager.benchmarks;

import java.util.concurrent.CountDownLatch;

/** A job that notes when it is submitted, and when it starts and ends; read once {@code left} is zero. */
final class Request implements Job {

    private final int micros;
    private final CountDownLatch left;

    // Written by the submitter before it submits.
    private long submitted;
    // Written by the worker, before it counts down.
    private long started;
    private long ended;

    Request(int micros, CountDownLatch left) {
        this.micros = micros;
        this.left = left;
    }

    /** The last thing before the submission. */
    void submitting(long now) {
        submitted = now;
    }

    @Override
    public long work() {
        started = System.nanoTime();
        long result = Work.run(micros);
        ended = System.nanoTime();
        return result;
    }

    @Override
    public void done() {
        left.countDown();
    }

    long submitted() {
        return submitted;
    }

    long waited() {
        return started - submitted;
    }

    long worked() {
        return ended - started;
    }
}

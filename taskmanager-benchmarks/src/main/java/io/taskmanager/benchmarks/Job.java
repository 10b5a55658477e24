package io.taskmanager.benchmarks;

import java.util.concurrent.CountDownLatch;

/** What a rival is given to run: the work, and what counts its end. */
interface Job {

    /** The task; gives its result. */
    long work();

    /** Counts the end of the work: in the callback of a rival that has one, else in the task. */
    void done();

    /** Both, for a rival without a callback. */
    default long run() {
        long result = work();
        done();
        return result;
    }

    /** Works for about so many microseconds, and counts down. */
    static Job counting(int micros, CountDownLatch left) {
        return new Job() {
            @Override
            public long work() {
                return Work.run(micros);
            }

            @Override
            public void done() {
                left.countDown();
            }
        };
    }
}

package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Rival.Subject;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Tasks that a rival runs. */
@State(Scope.Benchmark)
public class TaskBenchmark {

    private static final int BATCH = 1000;
    private static final int ROOM = 64 * BATCH;

    @Param
    Rival rival;

    @Param("2")
    int workers;

    /** How long a task works, in microseconds. */
    @Param("0")
    int micros;

    private Subject subject;

    @Setup
    public void start() throws Exception {
        subject = rival.start(workers, ROOM);
    }

    @TearDown
    public void stop() throws Exception {
        subject.close();
    }

    /** From the first submission to the end of the last task, a thousand at a time for each producer. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void submit() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(BATCH);
        Job job = Job.counting(micros, left);
        for (int i = 0; i < BATCH; i++) {
            subject.submit(job);
        }
        left.await();
    }

    /** Submits, and waits for the result. */
    @Benchmark
    public long call() throws Exception {
        int length = micros;
        return subject.call(() -> Work.run(length));
    }
}

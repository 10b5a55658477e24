package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Rival.Subject;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A blocking call: submit, and wait for the result. */
@State(Scope.Benchmark)
public class CallBenchmark {

    @Param
    Rival rival;

    @Param("2")
    int workers;

    @Param("0")
    int micros;

    private Subject subject;

    @Setup
    public void start() throws Exception {
        subject = rival.start(workers, 1024);
    }

    @TearDown
    public void stop() throws Exception {
        subject.close();
    }

    @Benchmark
    public long call() throws Exception {
        int length = micros;
        return subject.call(() -> Work.run(length));
    }
}

package io.taskmanager.benchmarks;

import io.taskmanager.benchmarks.Borrow.Lender;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A resource that is there, for the caller's own thread. */
@State(Scope.Benchmark)
public class BorrowBenchmark {

    @Param
    Borrow borrow;

    @Param("4")
    int size;

    @Param("0")
    int micros;

    private Lender lender;

    @Setup
    public void start() throws Exception {
        lender = borrow.start(size);
    }

    @TearDown
    public void stop() throws Exception {
        lender.close();
    }

    @Benchmark
    public long use() throws Exception {
        int length = micros;
        return lender.use(thing -> Work.run(length));
    }
}

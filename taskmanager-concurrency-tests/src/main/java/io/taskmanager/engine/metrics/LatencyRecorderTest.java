package io.taskmanager.engine.metrics;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.stream.Stream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Somebody asks for the metrics while the first duration is recorded. Bad: it is counted, but not yet in the sum, the least
 * or the greatest, so that the least is that of nothing: some 292 years.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not counted yet")
@Outcome(id = "5, 5, 5", expect = ACCEPTABLE, desc = "counted")
@Outcome(expect = FORBIDDEN, desc = "counted in part")
public class LatencyRecorderTest {

    private final LatencyRecorder recorder = new LatencyRecorder();

    @Actor
    public void record() {
        recorder.record(5);
    }

    @Actor
    public void look(LLL_Result r) {
        LatencyRecorder.Snapshot snapshot = LatencyRecorder.snapshot(Stream.of(recorder));
        r.r1 = snapshot.average().toNanos();
        r.r2 = snapshot.min().toNanos();
        r.r3 = snapshot.percentile(100).toNanos();
    }
}

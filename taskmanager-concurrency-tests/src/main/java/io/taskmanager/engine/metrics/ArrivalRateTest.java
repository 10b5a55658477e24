package io.taskmanager.engine.metrics;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two tasks arrive at the first moment of a slot whose place in the ring holds an old one. Bad: one recycles the old slot after the other has counted in it, or both count at once, and an
 * arrival is lost; or the old count stays.
 */
@JCStressTest
@State
@Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(id = "2, 2, 2", expect = ACCEPTABLE_INTERESTING, desc = "both had counted before either looked")
@Outcome(expect = FORBIDDEN, desc = "an arrival is lost, or an old one came back")
public class ArrivalRateTest {

    /** The ring has come round: the new slot is where that of time 0 was. */
    private static final long NOW = Duration.ofSeconds(10).toNanos();

    /** The window is ten seconds less what is left of its newest slot, which has just begun. */
    private static final double COVERED_SECONDS = 9.75;

    private long time;
    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(() -> time, 1);

    public ArrivalRateTest() {
        collector.recordArrival(0);
        time = NOW;
    }

    @Actor
    public void record1(LLL_Result r) {
        collector.recordArrival(NOW);
        r.r1 = count();
    }

    @Actor
    public void record2(LLL_Result r) {
        collector.recordArrival(NOW);
        r.r2 = count();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r3 = count();
    }

    private long count() {
        return Math.round(collector.metrics().taskArrivalRate() * COVERED_SECONDS);
    }
}

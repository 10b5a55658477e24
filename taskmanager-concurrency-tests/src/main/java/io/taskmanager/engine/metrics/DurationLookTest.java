package io.taskmanager.engine.metrics;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Somebody asks for the metrics while the first duration is recorded. Bad: it is counted, but not yet in the sum or the
 * least, so that the least is that of nothing.
 */
@JCStressTest
@State
@Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not counted yet")
@Outcome(id = "5, 5, 1", expect = ACCEPTABLE, desc = "counted")
@Outcome(expect = FORBIDDEN, desc = "counted in part")
public class DurationLookTest {

    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(() -> 0, 1);

    @Actor
    public void record() {
        collector.recordEnd(TaskOutcome.COMPLETED, TaskLane.MAIN, true, 0, 0, 5);
    }

    @Actor
    public void look(LLL_Result r) {
        TaskMetrics metrics = collector.metrics();
        r.r1 = metrics.averageExecutionTime().toNanos();
        r.r2 = metrics.minExecutionTime().toNanos();
        r.r3 = metrics.totalTasksCompleted();
    }
}

package io.taskmanager.engine.execution;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.concurrency.StillTimer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * An interrupted attempt ends while its stuck-task grace does. Bad: the watch sees it running, it ends and its worker
 * takes the next task, and then the worker is struck off and replaced with that task on it.
 */
@JCStressTest
@State
@Outcome(id = "true, 1 stuck, in time", expect = ACCEPTABLE, desc = "struck off, and only then ended")
@Outcome(id = "true, 0 stuck, in time", expect = ACCEPTABLE_INTERESTING, desc = "due, but it had ended")
@Outcome(id = "false, 0 stuck, in time", expect = ACCEPTABLE, desc = "the end called the watch off")
@Outcome(expect = FORBIDDEN, desc = "struck off after its end")
public class StuckFinishTest extends AttemptRace {

    private final StillTimer.Entry watch;

    public StuckFinishTest() {
        context.cancel(true).run();
        watch = timer.last();
    }

    @Actor
    public void finish() {
        context.end();
        over = true;
    }

    @Actor
    public void graceEnds(LLL_Result r) {
        r.r1 = watch.fire();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r2 = stuck.get() + " stuck";
        r.r3 = late ? "late" : "in time";
    }
}

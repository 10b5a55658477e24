package io.taskmanager.engine.execution;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A canceller interrupts an attempt and runs its onCancel action while the attempt ends. Bad: the canceller sees it
 * running, it ends, the thread goes on to its next task, and then the interrupt or the action arrives there.
 */
@JCStressTest
@State
@Outcome(
        id = "true, 1 interrupts, 1 actions, in time",
        expect = ACCEPTABLE_INTERESTING,
        desc = "cancelled before its end")
@Outcome(id = "false, 0 interrupts, 0 actions, in time", expect = ACCEPTABLE, desc = "ended, and left alone")
@Outcome(expect = FORBIDDEN, desc = "something reached the thread after the end, or the end did not tell")
public class CancelFinishTest extends AttemptRace {

    private final AtomicInteger actions = new AtomicInteger();

    public CancelFinishTest() {
        context.onCancel(() -> {
            reached();
            actions.incrementAndGet();
        });
    }

    @Actor
    public void finish(LLLL_Result r) {
        r.r1 = context.end();
        over = true;
    }

    @Actor
    public void cancel() {
        context.cancel(true).run();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = interrupts.get() + " interrupts";
        r.r3 = actions.get() + " actions";
        r.r4 = late ? "late" : "in time";
    }
}

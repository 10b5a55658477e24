package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A task returns while its run timeout falls due. Bad: both answer its caller, or write the end in the books, or the
 * attempt is interrupted for a task that has its result.
 */
@JCStressTest
@State
@Outcome(id = "true, TIMED_OUT, 1, 0", expect = ACCEPTABLE_INTERESTING, desc = "timed out, and its attempt knows")
@Outcome(id = "true, COMPLETED, 0, 0", expect = ACCEPTABLE_INTERESTING, desc = "due, but the result was first")
@Outcome(id = "false, COMPLETED, 0, 0", expect = ACCEPTABLE, desc = "the result disarmed the timeout")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, or a timer left behind")
public class TimeoutFinishTest extends QueueRace {

    private final StillTimer.Entry timeout;

    public TimeoutFinishTest() {
        super(TIMED);
        running();
        timeout = timer.last();
    }

    @Actor
    public void finish() {
        task.succeed("", 0);
    }

    @Actor
    public void timeOut(LLLL_Result r) {
        r.r1 = timeout.fire();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = end();
        r.r3 = attempt.cancels();
        r.r4 = timer.pending();
    }
}

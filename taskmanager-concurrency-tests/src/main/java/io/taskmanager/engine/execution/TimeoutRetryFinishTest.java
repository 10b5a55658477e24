package io.taskmanager.engine.execution;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.TaskTimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * An attempt runs longer than its timeout, after which another is to follow, and ends. Bad: the timer interrupts the thread
 * after the end, in its next task; or the end does not know of the timeout that the timer has told it of, and nobody answers
 * the task.
 */
@JCStressTest
@State
@Outcome(id = "true, 1 interrupts, told, in time", expect = ACCEPTABLE_INTERESTING, desc = "timed out before its end")
@Outcome(id = "false, 0 interrupts, untold, in time", expect = ACCEPTABLE, desc = "ended, and left alone")
@Outcome(expect = FORBIDDEN, desc = "something reached the thread after the end, or the end did not know")
public class TimeoutRetryFinishTest extends AttemptRace {

    private static final TaskTimeoutException ERROR = new TaskTimeoutException("ran too long");

    @Actor
    public void finish(LLLL_Result r) {
        r.r1 = context.end();
        over = true;
        r.r3 = context.timeout() == null ? "untold" : "told";
    }

    @Actor
    public void timeOut() {
        context.timeOut(1, ERROR, () -> {}).run();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = interrupts.get() + " interrupts";
        r.r4 = late ? "late" : "in time";
    }
}

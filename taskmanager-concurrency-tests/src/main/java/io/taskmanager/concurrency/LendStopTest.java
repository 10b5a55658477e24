package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A caller borrows an idle worker while a stop closes the queue. Bad: the stop wakes those that are idle and misses the
 * one that is lent, which then waits for ever; or the drain is told with the borrower's task on its way.
 */
@JCStressTest
@State
@Outcome(id = "true, COMPLETED, 1, called empty", expect = ACCEPTABLE, desc = "borrowed before the stop")
@Outcome(id = "false, none, 1, called empty", expect = ACCEPTABLE_INTERESTING, desc = "too late to borrow")
@Outcome(expect = FORBIDDEN, desc = "the task is lost, the worker sleeps, or the drain was not told once")
public class LendStopTest extends QueueRace {

    private final IdleSlot worker = new IdleSlot(queue);

    public LendStopTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void call(LLLL_Result r) {
        r.r1 = runOn(borrow());
    }

    @Actor
    public void stop() {
        queue.close();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = end();
        r.r3 = drained.get();
        r.r4 = (worker.isAsleep() ? "asleep " : "called ") + lanes();
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A submitter offers a task while a stop closes the queue and a worker drains it. Bad: the submitter finds the queue
 * open, the worker finds it closed and empty and goes, and then the task is added: accepted, and never run.
 */
@JCStressTest
@State
@Outcome(id = "ACCEPTED, 1, 1, empty", expect = ACCEPTABLE, desc = "accepted, and handed out")
@Outcome(id = "CLOSED, 0, 1, empty", expect = ACCEPTABLE_INTERESTING, desc = "came too late, and was told so")
@Outcome(expect = FORBIDDEN, desc = "the task is lost, or the drain was not told once")
public class SubmitStopTest extends QueueRace {

    public SubmitStopTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void submit(LLLL_Result r) {
        r.r1 = queue.offer(task);
    }

    @Actor
    public void stop(LLLL_Result r) {
        queue.close();
        r.r2 = drain();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r3 = drained.get();
        r.r4 = lanes();
    }
}

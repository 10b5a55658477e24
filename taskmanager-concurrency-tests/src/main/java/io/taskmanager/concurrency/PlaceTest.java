package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * Two submitters want the only place. Bad: both find it free, or neither does.
 */
@JCStressTest
@State
@Outcome(id = "ACCEPTED, FULL, 1", expect = ACCEPTABLE, desc = "the first got it")
@Outcome(id = "FULL, ACCEPTED, 1", expect = ACCEPTABLE, desc = "the second got it")
@Outcome(expect = FORBIDDEN, desc = "both did, or none")
public class PlaceTest extends QueueRace {

    private final QueuedTask<Object, Object> other = newTask((context, resource) -> "", TimeLimits.NONE);

    public PlaceTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void submit(LLL_Result r) {
        r.r1 = queue.offer(task);
    }

    @Actor
    public void submitToo(LLL_Result r) {
        r.r2 = queue.offer(other);
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r3 = queue.counts().main();
    }
}

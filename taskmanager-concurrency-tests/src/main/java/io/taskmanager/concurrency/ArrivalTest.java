package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A worker finds the queue empty and goes to sleep while a submitter, who takes no lock, lets a task arrive. Bad: the worker
 * looks before the task is there, and the submitter looks before the worker is known to sleep; nobody else will call it.
 */
@JCStressTest
@State
@Outcome(id = "true", expect = ACCEPTABLE, desc = "the worker got the task")
@Outcome(expect = FORBIDDEN, desc = "another, or none")
public class ArrivalTest extends QueueRace {

    public ArrivalTest() {
        super(TimeLimits.NONE);
    }

    /** Never returns where the call is lost. */
    @Actor
    public void work(L_Result r) {
        r.r1 = queue.workers().take(seat()) == task;
    }

    @Actor
    public void submit() {
        queue.offer(task);
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A caller gives a worker back while another task is offered. Bad: the submitter finds no worker idle, the caller finds no
 * task waiting, and then the task waits beside the idle worker for ever.
 */
@JCStressTest
@State
@Outcome(id = "true, called, 1, COMPLETED", expect = ACCEPTABLE, desc = "the worker was called for it")
@Outcome(id = "false, called, 1, none", expect = ACCEPTABLE_INTERESTING, desc = "it came first, so nothing was lent")
@Outcome(expect = FORBIDDEN, desc = "a task waits beside an idle worker")
public class LendOfferTest extends QueueRace {

    private final IdleSlot worker = new IdleSlot(queue);
    private final QueuedTask<Object, Object> other = newTask((context, resource) -> "", TimeLimits.NONE);

    public LendOfferTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void call(LLLL_Result r) {
        r.r1 = runOn(borrow());
    }

    @Actor
    public void submit() {
        queue.offer(other);
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = worker.isAsleep() ? "asleep" : "called";
        r.r3 = queue.counts().main();
        r.r4 = end();
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue.Admission;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A caller gives a worker back while another wants to borrow it, and queues its task if it can't. Bad: the second finds the
 * worker claimed, takes it out of the idle ones, and the first sees it among them yet: then the task waits beside it for ever.
 */
@JCStressTest
@State
@Outcome(id = "true, true, 0, asleep", expect = ACCEPTABLE, desc = "one after the other")
@Outcome(id = "true, false, 1, called", expect = ACCEPTABLE, desc = "the worker was called for the second")
@Outcome(id = "false, true, 1, called", expect = ACCEPTABLE, desc = "the worker was called for the first")
@Outcome(
        id = "false, false, 1, called",
        expect = ACCEPTABLE_INTERESTING,
        desc = "called for the second, and seen by the first")
@Outcome(expect = FORBIDDEN, desc = "a task waits beside an idle worker, or both had it")
public class LendLendTest extends QueueRace {

    private final IdleSlot worker = new IdleSlot(queue);
    private final QueuedTask<Object, Object> other = newTask((context, resource) -> "", TimeLimits.NONE);

    public LendLendTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void first(LLLL_Result r) {
        r.r1 = runOrQueue(task);
    }

    @Actor
    public void second(LLLL_Result r) {
        r.r2 = runOrQueue(other);
    }

    private boolean runOrQueue(QueuedTask<Object, Object> mine) {
        boolean ran = runOn(borrow(mine), mine);
        if (!ran) {
            require(queue.offer(mine) != Admission.CLOSED); // there is room for one, and both may have come to this
        }
        return ran;
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r3 = queue.counts().main();
        r.r4 = worker.isAsleep() ? "asleep" : "called";
    }
}

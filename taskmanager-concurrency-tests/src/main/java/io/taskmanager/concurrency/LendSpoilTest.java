package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.queue.WorkerSlot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A caller's task breaks the resource of its worker, and the caller gives the worker back, while another wants to borrow it.
 * Bad: the second looks at the worker before the resource is broken, claims it after that, and runs its task with it; or
 * nobody calls the worker to replace it.
 */
@JCStressTest
@State
@Outcome(id = "refused, called", expect = ACCEPTABLE, desc = "the worker was called for its resource")
@Outcome(expect = FORBIDDEN, desc = "a task was given a broken resource, or the worker sleeps")
public class LendSpoilTest extends QueueRace {

    private final IdleSlot worker = new IdleSlot(queue);
    private final QueuedTask<Object, Object> other = newTask((context, resource) -> "", TimeLimits.NONE);
    private final WorkerSlot borrowed = borrow();

    public LendSpoilTest() {
        super(TimeLimits.NONE);
        require(borrowed == worker);
    }

    @Actor
    public void first() {
        worker.spoil();
        runOn(borrowed);
    }

    @Actor
    public void second(LL_Result r) {
        WorkerSlot mine = borrow(other);
        r.r1 = mine == null ? "refused" : "lent";
        runOn(mine, other);
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r2 = worker.isAsleep() ? "asleep" : "called";
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
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
 * A caller waits for room in a full lane while the only task in it is cancelled. Bad: the place comes free between the
 * caller's look and its wait, nobody signals it again, and it waits for ever beside a free place.
 */
@JCStressTest
@State
@Outcome(id = "ACCEPTED, room was left, 1", expect = ACCEPTABLE, desc = "the canceller saw the place free")
@Outcome(id = "ACCEPTED, taken at once, 1", expect = ACCEPTABLE_INTERESTING, desc = "the place was filled at once")
@Outcome(expect = FORBIDDEN, desc = "the lane has too many tasks, or too few")
public class RoomTest extends QueueRace {

    private final QueuedTask<Object, Object> waiter = newTask((context, resource) -> "", TimeLimits.NONE);

    public RoomTest() {
        super(TimeLimits.NONE);
        offered();
    }

    @Actor
    public void put(LLL_Result r) {
        try {
            r.r1 = queue.put(waiter, null);
        } catch (InterruptedException e) {
            r.r1 = e;
        }
    }

    @Actor
    public void cancel(LLL_Result r) {
        task.cancel(true);
        r.r2 = queue.counts().main() == 0 ? "room was left" : "taken at once";
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r3 = queue.counts().main();
    }
}

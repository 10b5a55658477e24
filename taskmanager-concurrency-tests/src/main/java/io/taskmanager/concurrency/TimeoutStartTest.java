package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.WorkerSlot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLLL_Result;

/**
 * A worker starts a task while its queue timeout falls due. Bad: the timeout of the wait ends the run, or the caller is
 * told that the task was not started and it runs.
 */
@JCStressTest
@State
@Outcome(
        id = "true, true, COMPLETED, 0 cancels 0 timers, empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "started before")
@Outcome(id = "true, false, COMPLETED, 0 cancels 0 timers, empty", expect = ACCEPTABLE, desc = "disarmed by the start")
@Outcome(
        id = "false, true, TIMED_OUT, 0 cancels 0 timers, empty",
        expect = ACCEPTABLE,
        desc = "timed out, never started")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, a slot or a timer left behind")
public class TimeoutStartTest extends QueueRace {

    private final StillTimer.Entry timeout;

    public TimeoutStartTest() {
        super(TIMED);
        offered();
        timeout = timer.last();
    }

    @Actor
    public void work(LLLLL_Result r) {
        boolean ran = false;
        WorkerSlot seat = seat(this::nothingToTake);
        if (queue.workers().take(seat) != null) {
            ran = task.waiting2running(attempt, 0);
            if (ran) {
                task.succeed("", 0);
            }
            queue.workers().leave(seat);
        }
        r.r1 = ran;
    }

    @Actor
    public void timeOut(LLLLL_Result r) {
        r.r2 = timeout.fire();
    }

    @Arbiter
    public void look(LLLLL_Result r) {
        r.r3 = end();
        r.r4 = attempt.cancels() + " cancels " + timer.pending() + " timers";
        r.r5 = lanes();
    }
}

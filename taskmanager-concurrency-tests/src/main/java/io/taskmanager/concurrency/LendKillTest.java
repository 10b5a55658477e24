package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A caller borrows an idle worker while a kill lists the tasks to cancel. Bad: the task is between the two, on no list,
 * and its caller is not answered; or it is answered or booked twice, by the kill that found the worker claimed for it, and by
 * its caller who came too late; or the worker that is lent is never called, and its thread stays.
 */
@JCStressTest
@State
@Outcome(id = "true, COMPLETED, 1, called empty", expect = ACCEPTABLE, desc = "run before the kill")
@Outcome(id = "true, CANCELLED, 1, called empty", expect = ACCEPTABLE_INTERESTING, desc = "killed while it was lent")
@Outcome(
        id = "false, CANCELLED, 1, called empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "killed while it was claimed")
@Outcome(id = "false, REJECTED, 1, called empty", expect = ACCEPTABLE_INTERESTING, desc = "too late to borrow")
@Outcome(expect = FORBIDDEN, desc = "the task is lost, the worker sleeps, or the drain was not told once")
public class LendKillTest extends QueueRace {

    private final IdleSlot worker = new IdleSlot(queue);

    public LendKillTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void call(LLLL_Result r) {
        boolean lent = runOn(borrow());
        if (!lent) {
            task.reject(new TaskRejectedException(TaskRejectedException.Reason.SHUTTING_DOWN, "race"));
        }
        r.r1 = lent;
    }

    @Actor
    public void kill() {
        killed().forEach(each -> each.kill().run());
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = end();
        r.r3 = drained.get();
        r.r4 = (worker.isAsleep() ? "asleep " : "called ") + lanes();
    }
}

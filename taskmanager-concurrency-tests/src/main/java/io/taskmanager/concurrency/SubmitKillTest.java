package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TimeLimits;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A submitter offers a task while a kill lists and cancels every task. Bad: the kill lists the tasks, the submitter
 * still finds the queue open and adds one, and no worker is left: its caller waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "ACCEPTED, 1, CANCELLED, empty", expect = ACCEPTABLE, desc = "accepted, and cancelled")
@Outcome(id = "CLOSED, 0, none, empty", expect = ACCEPTABLE_INTERESTING, desc = "came too late, and was told so")
@Outcome(
        id = "ACCEPTED, 0, none, .*",
        expect = FORBIDDEN,
        desc = "accepted after the kill had listed the tasks: never answered")
@Outcome(expect = FORBIDDEN, desc = "the task is lost, or answered twice")
public class SubmitKillTest extends QueueRace {

    public SubmitKillTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void submit(LLLL_Result r) {
        r.r1 = queue.offer(task);
    }

    @Actor
    public void kill(LLLL_Result r) {
        List<QueuedTask<?, ?>> listed = killed();
        for (QueuedTask<?, ?> each : listed) {
            each.kill().run();
        }
        r.r2 = listed.size();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r3 = end();
        r.r4 = lanes();
    }
}

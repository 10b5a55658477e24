package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * A worker puts a task back for a retry while its caller cancels it. Bad: the canceller finds it running and leaves it
 * to the worker, which has just put it in back-off, from where it comes back; or its back-off or time limit stays armed.
 */
@JCStressTest
@State
@Outcome(
        id = "true, CANCELLED, 0 cancels 0 timers, empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "cancelled in its back-off, and taken out")
@Outcome(id = "false, CANCELLED, 1 cancels 0 timers, empty", expect = ACCEPTABLE, desc = "cancelled while it ran")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, or something left behind")
public class RetryCancelTest extends QueueRace {

    public RetryCancelTest() {
        super(TIMED);
        running();
    }

    @Actor
    public void retry(LLLL_Result r) {
        boolean retried = queue.retry(task, worker, BACKOFF, 0);
        if (!retried) {
            queue.workers().leave(worker);
        }
        r.r1 = retried;
    }

    @Actor
    public void cancel() {
        task.cancel(true);
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = end();
        r.r3 = attempt.cancels() + " cancels " + timer.pending() + " timers";
        r.r4 = lanes();
    }
}

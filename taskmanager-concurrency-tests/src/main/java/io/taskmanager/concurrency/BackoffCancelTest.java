package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * The back-off of a task ends while its caller cancels it. Bad: the canceller takes it out of the back-off, and then it
 * is put in the retry lane with its answer given, or twice.
 */
@JCStressTest
@State
@Outcome(id = "true, CANCELLED, 0, empty", expect = ACCEPTABLE_INTERESTING, desc = "the back-off ended, the task too")
@Outcome(id = "false, CANCELLED, 0, empty", expect = ACCEPTABLE, desc = "the back-off was cancelled")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, or something left behind")
public class BackoffCancelTest extends QueueRace {

    private final StillTimer.Entry backoff;

    public BackoffCancelTest() {
        super(TimeLimits.NONE);
        running();
        require(queue.retry(task, worker, BACKOFF, 0));
        backoff = timer.last();
    }

    @Actor
    public void endBackoff(LLLL_Result r) {
        r.r1 = backoff.fire();
    }

    @Actor
    public void cancel() {
        task.cancel(true);
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r2 = end();
        r.r3 = timer.pending();
        r.r4 = lanes();
    }
}

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
import org.openjdk.jcstress.infra.results.LLLLL_Result;

/**
 * A worker puts a task back for a retry while a kill lists and cancels every task. Bad: the kill misses the task on its
 * way from the worker to the back-off, and nobody is left to run it: its caller waits for ever.
 */
@JCStressTest
@State
@Outcome(
        id = "true, CANCELLED, 0 cancels 0 timers, empty, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "cancelled in its back-off")
@Outcome(
        id = "false, CANCELLED, 1 cancels 0 timers, empty, 1",
        expect = ACCEPTABLE,
        desc = "cancelled while it ran, the retry refused")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, or something left behind")
public class RetryKillTest extends QueueRace {

    public RetryKillTest() {
        super(TimeLimits.NONE);
        running();
    }

    @Actor
    public void retry(LLLLL_Result r) {
        boolean retried = queue.retry(task, worker, BACKOFF, 0);
        if (!retried) {
            queue.workers().leave(worker);
        }
        r.r1 = retried;
    }

    @Actor
    public void kill() {
        for (QueuedTask<?, ?> each : killed()) {
            each.kill().run();
        }
    }

    @Arbiter
    public void look(LLLLL_Result r) {
        r.r2 = end();
        r.r3 = attempt.cancels() + " cancels " + timer.pending() + " timers";
        r.r4 = lanes();
        r.r5 = drained.get();
    }
}

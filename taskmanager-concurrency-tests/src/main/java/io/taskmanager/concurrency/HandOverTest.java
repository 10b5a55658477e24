package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TimeLimits;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A worker finds the queue empty and goes to wait while a submitter adds a task, and a stop closes the queue. Bad: the
 * signal for the task, or that of the end, falls between the worker's look and its wait, and it waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "1, waiting, 1", expect = ACCEPTABLE, desc = "the worker took the task after the submitter looked")
@Outcome(id = "1, on a worker, 1", expect = ACCEPTABLE, desc = "the worker took the task at once")
@Outcome(id = "1, ended, 1", expect = ACCEPTABLE_INTERESTING, desc = "the worker took it and ended it at once")
@Outcome(expect = FORBIDDEN, desc = "the task is lost")
public class HandOverTest extends QueueRace {

    public HandOverTest() {
        super(TimeLimits.NONE);
    }

    @Actor
    public void work(LLL_Result r) {
        r.r1 = drain();
    }

    @Actor
    public void submitAndStop(LLL_Result r) {
        queue.offer(task);
        TaskQueue.Counts counts = queue.counts();
        queue.close();
        r.r2 = counts.main() == 1 ? "waiting" : counts.busyWorkers() == 1 ? "on a worker" : "ended";
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r3 = drained.get();
    }
}

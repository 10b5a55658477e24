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
 * A caller cancels a queued task while a worker takes and runs it. Bad: the worker starts a task that its caller was
 * told is cancelled, or both answer, or neither frees the slot; or the canceller finds a task that runs, but not yet its
 * attempt or the time limit of that, and leaves either behind.
 */
@JCStressTest
@State
@Outcome(
        id = "not taken, true, CANCELLED, 0 cancels 0 timers, empty",
        expect = ACCEPTABLE,
        desc = "cancelled while it waited")
@Outcome(
        id = "not started, true, CANCELLED, 0 cancels 0 timers, empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "cancelled between being taken and being started")
@Outcome(
        id = "ran, true, CANCELLED, 1 cancels 0 timers, empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "cancelled while it ran, and its attempt knows")
@Outcome(id = "ran, false, COMPLETED, 0 cancels 0 timers, empty", expect = ACCEPTABLE, desc = "came too late to cancel")
@Outcome(expect = FORBIDDEN, desc = "two answers or none, a slot or a timer left behind, or an attempt not told")
public class CancelRunTest extends QueueRace {

    public CancelRunTest() {
        super(TIMED);
        offered();
    }

    @Actor
    public void work(LLLLL_Result r) {
        WorkerSlot seat = seat(this::nothingToTake);
        if (queue.workers().take(seat) == null) {
            r.r1 = "not taken";
        } else if (!task.waiting2running(attempt, 0)) {
            queue.workers().leave(seat);
            r.r1 = "not started";
        } else {
            task.succeed("", 0);
            queue.workers().leave(seat);
            r.r1 = "ran";
        }
    }

    @Actor
    public void cancel(LLLLL_Result r) {
        r.r2 = task.cancel(true, "race");
    }

    @Arbiter
    public void look(LLLLL_Result r) {
        r.r3 = end();
        r.r4 = attempt.cancels() + " cancels " + timer.pending() + " timers";
        r.r5 = lanes();
    }
}

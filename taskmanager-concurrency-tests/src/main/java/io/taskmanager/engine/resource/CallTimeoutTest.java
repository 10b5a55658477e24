package io.taskmanager.engine.resource;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.Backoff;
import io.taskmanager.concurrency.Quiet;
import io.taskmanager.concurrency.StillTimer;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A call of the factory returns while its time runs out. Bad: the timer sees it under way, it returns, and then its thread
 * is interrupted at what it does next, or told a timeout of a call that has returned in time.
 */
@JCStressTest
@State
@Outcome(id = "true, timed out, in time", expect = ACCEPTABLE_INTERESTING, desc = "timed out, and only then returned")
@Outcome(id = "true, in time, in time", expect = ACCEPTABLE_INTERESTING, desc = "due, but it had returned")
@Outcome(id = "false, in time, in time", expect = ACCEPTABLE, desc = "not begun, or the return called the watch off")
@Outcome(expect = FORBIDDEN, desc = "reached after its return, or told otherwise than it was")
public class CallTimeoutTest {

    private static final FactoryLimits LIMITS = new FactoryLimits(
            Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1), Backoff.none());

    private final StillTimer timer = new StillTimer();
    private final FactoryCalls calls =
            new FactoryCalls(LIMITS, new EventLog("race", null, Quiet.GUARD), Quiet.GUARD, timer);
    private volatile boolean over;
    private volatile boolean told;
    private volatile boolean timedOut;
    private volatile boolean late;

    @Actor
    public void call() {
        FactoryCall call = calls.newCall(Kind.VALIDATION, null, this::timeOut, () -> {});
        boolean unused = Quiet.GUARD.get("the call", () -> call.run(() -> true), false);
        late = Thread.interrupted();
        over = true;
        told = call.isTimedOut();
    }

    private void timeOut() {
        timedOut = true;
        late |= over;
    }

    @Actor
    public void timeRunsOut(LLL_Result r) {
        StillTimer.Entry watch = timer.last();
        r.r1 = watch != null && watch.fire();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r2 = timedOut != told ? "told otherwise" : timedOut ? "timed out" : "in time";
        r.r3 = late ? "late" : "in time";
    }
}

package io.taskmanager.engine.execution;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * A task registers an onCancel action while it is cancelled. Bad: the task sees itself not cancelled, the canceller
 * looks for actions and finds none, and the action is added: it never runs; or both run it.
 */
@JCStressTest
@State
@Outcome(id = "1, canceller", expect = ACCEPTABLE, desc = "registered in time")
@Outcome(id = "1, task", expect = ACCEPTABLE_INTERESTING, desc = "cancelled already, so run at once")
@Outcome(expect = FORBIDDEN, desc = "run twice or never")
public class OnCancelTest extends AttemptRace {

    private final AtomicInteger runs = new AtomicInteger();
    private volatile Thread taskThread;
    private volatile Thread ranOn;

    @Actor
    public void register() {
        taskThread = Thread.currentThread();
        context.onCancel(() -> {
            runs.incrementAndGet();
            ranOn = Thread.currentThread();
        });
    }

    @Actor
    public void cancel() {
        context.cancel(false).run();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = runs.get();
        r.r2 = ranOn == taskThread ? "task" : "canceller";
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.TaskRejectedException;
import io.taskmanager.engine.resource.Slot;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A caller waits for the only resource, for a short time, while that is released. Bad: it is handed to the caller that
 * has just given up, and is lost; or it goes to the pool while the caller is in the line, and that waits beside it.
 */
@JCStressTest
@State
@Outcome(id = "leased, 1 created 0 destroyed, 1", expect = ACCEPTABLE, desc = "handed over, or found in the pool")
@Outcome(
        id = "NO_RESOURCE, 1 created 0 destroyed, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "timed out, and then in the pool")
@Outcome(expect = FORBIDDEN, desc = "lost, or there twice")
public class WaiterReleaseTest extends PoolRace {

    private final Slot<Object> slot = acquire();

    @Actor
    public void await(LLL_Result r) {
        try {
            pool.release(pool.acquire(this, Duration.ofNanos(2_000), 0), this);
            r.r1 = "leased";
        } catch (TaskRejectedException e) {
            r.r1 = e.reason();
        } catch (InterruptedException e) {
            r.r1 = e;
        }
    }

    @Actor
    public void release() {
        pool.release(slot, this);
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r2 = balance();
        r.r3 = pool.counts().available();
    }
}

package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.TaskRejectedException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A caller leases the idle resource, and gives it back broken, while the pool closes. Bad: both get hold of it, so that
 * it is destroyed while a task uses it; or a place stays counted, and a stop waits for ever.
 */
@JCStressTest
@State
@Outcome(id = "SHUTTING_DOWN, 1 created 1 destroyed, true", expect = ACCEPTABLE, desc = "refused")
@Outcome(
        id = "leased, 1 created 1 destroyed, true",
        expect = ACCEPTABLE_INTERESTING,
        desc = "leased, and whole until given back")
@Outcome(expect = FORBIDDEN, desc = "destroyed twice, never or while on lease, or still counted")
public class ResourceAcquireTest extends PoolRace {

    public ResourceAcquireTest() {
        pool.release(acquire(), this);
    }

    @Actor
    public void use(LLL_Result r) {
        try {
            var lease = acquire();
            boolean whole = destroyed.get() == 0;
            lease.setUsable(false);
            pool.release(lease, this);
            r.r1 = whole ? "leased" : "destroyed while on lease";
        } catch (TaskRejectedException e) {
            r.r1 = e.reason();
        }
    }

    @Actor
    public void close() {
        pool.close();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r2 = balance();
        r.r3 = pool.isEmpty();
    }
}

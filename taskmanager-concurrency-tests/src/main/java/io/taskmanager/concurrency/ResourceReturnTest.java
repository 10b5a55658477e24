package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.resource.Slot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A caller gives its resource back while the pool closes. Bad: the close looks for idle resources and finds none, the
 * caller still finds the pool open and puts its own among them: never destroyed, and a stop waits for ever; or both
 * destroy it.
 */
@JCStressTest
@State
@Outcome(
        id = "true, 1 created 1 destroyed, true",
        expect = ACCEPTABLE,
        desc = "given back, then destroyed by the close")
@Outcome(
        id = "false, 1 created 1 destroyed, true",
        expect = ACCEPTABLE_INTERESTING,
        desc = "closed before, so destroyed by its caller")
@Outcome(expect = FORBIDDEN, desc = "destroyed twice or never, or still counted")
public class ResourceReturnTest extends PoolRace {

    private final Slot<Object> slot = acquire();

    @Actor
    public void giveBack() {
        pool.release(slot, this);
    }

    @Actor
    public void close() {
        pool.close();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r1 = closeDestroys;
        r.r2 = balance();
        r.r3 = pool.isEmpty();
    }
}

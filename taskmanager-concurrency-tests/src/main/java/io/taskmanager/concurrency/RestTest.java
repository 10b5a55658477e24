package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.engine.queue.IdleSlot;
import io.taskmanager.engine.queue.TimeLimits;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * The scaler is about to rest, since all workers wait, while a submitter, who takes no lock, lets a task arrive. Bad: it rests
 * and is not told, and the tasks that follow find no more workers than there are.
 */
@JCStressTest
@State
@Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "it rested, and was told")
@Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "the task was there first")
@Outcome(expect = FORBIDDEN, desc = "it rests and was not told, or was told twice, or for nothing")
public class RestTest extends QueueRace {

    private final AtomicInteger told = new AtomicInteger();

    public RestTest() {
        super(TimeLimits.NONE);
        new IdleSlot(queue);
    }

    @Actor
    public void rest(ZI_Result r) {
        r.r1 = queue.workers().whenWoken(1, () -> {}, told::incrementAndGet);
    }

    @Actor
    public void submit() {
        queue.offer(task);
    }

    @Arbiter
    public void look(ZI_Result r) {
        r.r2 = told.get();
    }
}

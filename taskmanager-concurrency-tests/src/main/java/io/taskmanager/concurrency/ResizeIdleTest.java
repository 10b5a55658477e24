package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.execution.ErrorClassifier;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.worker.OutcomeHandler;
import io.taskmanager.engine.worker.WorkerPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;

/**
 * Of two workers one is made surplus and a task arrives, while one worker is idle or about to be. Bad: the idle one is
 * not woken to retire, or is woken for the task, retires and takes the signal with it; or both retire.
 */
@JCStressTest
@State
@Outcome(id = "first, COMPLETED, balanced, empty", expect = ACCEPTABLE, desc = "the idle worker ran it")
@Outcome(
        id = "second, COMPLETED, balanced, empty",
        expect = ACCEPTABLE_INTERESTING,
        desc = "the idle one retired, the other ran it")
@Outcome(expect = FORBIDDEN, desc = "the task is lost, or a worker or resource is")
public class ResizeIdleTest extends QueueRace {

    private final AtomicInteger created = new AtomicInteger();
    private final AtomicInteger destroyed = new AtomicInteger();
    private final List<Runnable> workers = new ArrayList<>(2);
    private final QueuedTask<Object, Object> observed;
    private final WorkerPool<Object> pool;
    private volatile Thread first;
    private volatile String ranOn = "none";

    public ResizeIdleTest() {
        super(TimeLimits.NONE);
        observed = newTask(
                (context, resource) -> ranOn = Thread.currentThread() == first ? "first" : "second", TimeLimits.NONE);
        Resources<Object> resources = Quiet.resources(
                ResourceFactory.of(created::incrementAndGet, resource -> destroyed.incrementAndGet()), timer);
        pool = new WorkerPool<>(
                Quiet.GUARD,
                queue,
                new AttemptRules<>(
                        new ErrorClassifier<>((error, resource) -> true, null, resources),
                        resources,
                        Quiet.LOGGER,
                        Quiet.GUARD,
                        timer,
                        Duration.ofSeconds(1)),
                new OutcomeHandler(queue, Backoff.none(), ledger, Quiet.EVENTS),
                resources,
                Quiet.LOGGER,
                Quiet.EVENTS,
                this::kept,
                Thread::new,
                false,
                timer);
        pool.start(2, 2);
    }

    /** A thread that the pool believes started: an actor runs what it would. */
    private Thread kept(Runnable worker) {
        workers.add(worker);
        return new Thread(worker) {
            @Override
            public void start() {}
        };
    }

    @Actor
    public void idle() {
        first = Thread.currentThread();
        workers.get(0).run();
    }

    @Actor
    public void resizeAndSubmit(LLLL_Result r) {
        pool.resizeTo(1, 2);
        queue.offer(observed);
        queue.close();
        workers.get(1).run();
    }

    @Arbiter
    public void look(LLLL_Result r) {
        r.r1 = ranOn;
        r.r2 = books.ends();
        r.r3 = created.get() == destroyed.get() ? "balanced" : created + " created " + destroyed + " destroyed";
        r.r4 = pool.isEmpty() && pool.counts().active() == 0 ? lanes() : "workers left";
    }
}

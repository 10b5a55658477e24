package io.taskmanager.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.taskmanager.Backoff;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.execution.ErrorClassifier;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.worker.CallerRunner;
import io.taskmanager.engine.worker.OutcomeHandler;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * A direct task begins on its caller's thread while a kill looks for what runs. Bad: the kill looks at the slots and does
 * not see it, it begins after that, and nobody cancels it: the kill would wait for it as long as it likes to run.
 */
@JCStressTest
@State
@Outcome(id = "begun before, COMPLETED, 1", expect = ACCEPTABLE, desc = "ended before the kill looked")
@Outcome(id = "begun before, CANCELLED, 1", expect = ACCEPTABLE, desc = "found by the kill, or has found that")
@Outcome(
        id = "cancelled, CANCELLED, 1",
        expect = ACCEPTABLE_INTERESTING,
        desc = "begun after the kill, which it has found")
@Outcome(expect = FORBIDDEN, desc = "runs on, or its resource is lost")
public class DirectKillTest extends PoolRace {

    private final Books books = new Books();
    private final Ledger ledger = new Ledger(Quiet.METRICS, books, null, Quiet.GUARD);
    private final TaskQueue queue = new TaskQueue("race", Quiet.GUARD, 1, 1, 0, timer, Runnable::run, ledger, () -> {});
    private final CallerRunner<Object> runner = new CallerRunner<>(
            queue,
            pool,
            new AttemptRules<>(
                    new ErrorClassifier<>((error, resource) -> true, null, resources),
                    resources,
                    Quiet.LOGGER,
                    Quiet.GUARD,
                    timer,
                    Duration.ofSeconds(1)),
            new OutcomeHandler(queue, Backoff.none(), ledger, Quiet.EVENTS),
            Quiet.EVENTS,
            Duration.ZERO,
            timer,
            false);
    private final QueuedTask<Object, Object> task = new QueuedTask<>(
            new TaskTerms(queue, TaskLane.DIRECT, TaskOptions.builder().once().build(), 0, TimeLimits.NONE),
            (context, resource) -> look(context),
            null);
    private volatile boolean killed;
    private volatile String seen = "not begun";

    public DirectKillTest() {
        pool.release(acquire(), this);
    }

    /** What the task does. */
    private Object look(TaskContext context) {
        boolean after = killed;
        String state = context.isCancelled() ? "cancelled" : "runs on";
        seen = after ? state : "begun before";
        return "";
    }

    @Actor
    public void run() {
        try {
            runner.run(task);
        } catch (InterruptedException e) {
            seen = e.toString();
        }
        Thread.interrupted(); // the kill's
    }

    @Actor
    public void kill() {
        resources.interruptCalls();
        pool.forEachOwner(owner -> {
            if (owner == task && task.isRunning()) {
                task.kill().run();
            }
        });
        killed = true;
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r1 = seen;
        r.r2 = books.ends();
        r.r3 = pool.counts().available() + destroyed.get();
    }
}

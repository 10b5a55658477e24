package io.taskmanager.engine.execution;

import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.concurrency.Quiet;
import io.taskmanager.concurrency.StillTimer;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.resource.Resources;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A real attempt under way, on a thread that only notes its interrupts. */
abstract class AttemptRace {

    /** Attempts ask their task for its name and its retries alone. */
    private static final QueuedTask<Object, Object> TASK = new QueuedTask<>(
            new TaskTerms(
                    new TaskQueue(
                            "race", Quiet.GUARD, 1, 1, 0, new StillTimer(), Runnable::run, Quiet.LEDGER, () -> {}),
                    TaskLane.MAIN,
                    TaskOptions.builder().build(),
                    1,
                    TimeLimits.NONE),
            (context, resource) -> "",
            null);

    final AtomicInteger interrupts = new AtomicInteger();
    final AtomicInteger stuck = new AtomicInteger();
    final StillTimer timer = new StillTimer();
    private final Resources<Object> resources = Quiet.resources(ResourceFactory.of(Object::new, resource -> {}), timer);
    final AttemptContext context = new AttemptContext(
            new TaskRunner<>(
                    new AttemptRules<>(
                            new ErrorClassifier<>((error, resource) -> true, (error, attempt) -> true, resources),
                            resources,
                            Quiet.LOGGER,
                            Quiet.GUARD,
                            timer,
                            Duration.ofSeconds(1)),
                    unused -> stuck(),
                    () -> {}),
            TASK,
            1,
            new NotingThread(),
            false,
            null);

    /** Set by the attempt's thread after its end: from now on it works for another task. */
    volatile boolean over;

    /** Whether something meant for the attempt came after its end. */
    volatile boolean late;

    final void reached() {
        if (over) {
            late = true;
        }
    }

    private void stuck() {
        reached();
        stuck.incrementAndGet();
    }

    private final class NotingThread extends Thread {
        @Override
        public void interrupt() {
            reached();
            interrupts.incrementAndGet();
        }
    }
}

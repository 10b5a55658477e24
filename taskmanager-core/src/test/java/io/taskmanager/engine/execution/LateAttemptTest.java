package io.taskmanager.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.resource.FactoryLimits;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.ResourceLife;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.SystemLogger;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LateAttemptTest {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ManualTimer timer = new ManualTimer();
    private final SystemLogger logger = new SystemLogger("test");
    private final Guard guard = new Guard(logger);
    private final TaskQueue queue = new TaskQueue(
            "test",
            new Object(),
            1,
            1,
            0,
            timer,
            Runnable::run,
            new Ledger(new DefaultMetricsCollector(timer), null, null, guard),
            () -> {});
    private final Resources<Object> resources = new Resources<>(
            "test",
            ResourceFactory.of(Object::new, resource -> {}),
            new ResourceLife(null, 0, null),
            new FactoryLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Backoff.none()),
            new EventLog("test", null, guard),
            logger,
            guard,
            timer);
    private final AtomicInteger stuck = new AtomicInteger();
    private final TaskRunner<Object> runner = new TaskRunner<>(
            new AttemptRules<>(
                    new ErrorClassifier<>((error, resource) -> true, null, resources),
                    resources,
                    logger,
                    guard,
                    timer,
                    GRACE),
            unused -> stuck.incrementAndGet(),
            () -> {});

    @Test
    void a_kill_reaches_nobody_through_an_attempt_that_came_too_late_to_start() throws Exception {
        ResourceHolder<Object> holder = resources.create(() -> false, 0, () -> {});
        QueuedTask<Object, Object> task = new QueuedTask<>(
                new TaskTerms(queue, TaskLane.MAIN, TaskOptions.builder().build(), 0, TimeLimits.NONE),
                (context, resource) -> "",
                null);
        queue.offer(task);
        queue.workers().take(new WorkerSlot() {
            @Override
            protected boolean hasOtherWork() {
                return false;
            }
        });
        task.cancel(true);

        assertThat(runner.run(task, holder, 0, false)).isNull();
        task.kill().run();
        timer.advance(GRACE.plusSeconds(1));

        assertThat(Thread.interrupted()).isFalse();
        assertThat(stuck).hasValue(0);
    }
}

package io.taskmanager.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.Backoff;
import io.taskmanager.Task;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.execution.ErrorClassifier;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.resource.FactoryLimits;
import io.taskmanager.engine.resource.ResourceLife;
import io.taskmanager.engine.resource.ResourcePool;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.Threads;
import io.taskmanager.testkit.BrittleLogger;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.ScriptedFactory;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a caller has claimed for its task is released whatever the engine throws, where there is no memory, say. */
class CallerRunnerTest {

    private final ManualTimer timer = new ManualTimer();
    private final BrittleLogger logger = new BrittleLogger();
    private final Guard guard = new Guard(logger);
    private final EventLog events = new EventLog("test", null, guard);
    private final ScriptedFactory factory = new ScriptedFactory();
    private boolean drainThrows;
    private final Ledger ledger = new Ledger(new DefaultMetricsCollector(timer), null, null, guard);
    private final TaskQueue queue =
            new TaskQueue("test", new Object(), 1, 1, 0, timer, Runnable::run, ledger, this::onDrained);
    private final Resources<Resource> resources = new Resources<>(
            "test",
            factory,
            new ResourceLife(null, 0, null),
            new FactoryLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Backoff.none()),
            events,
            logger,
            guard,
            timer);
    private final ResourcePool<Resource> pool =
            new ResourcePool<>("test", resources, logger, Threads.daemon("test-pool"), 1, 0);
    private final CallerRunner<Resource> runner = new CallerRunner<>(
            queue,
            pool,
            new AttemptRules<>(
                    new ErrorClassifier<>((error, resource) -> true, null, resources),
                    resources,
                    logger,
                    guard,
                    timer,
                    Duration.ofSeconds(1)),
            new OutcomeHandler(queue, Backoff.none(), ledger, events),
            events,
            Duration.ZERO,
            timer,
            false);

    @Test
    void a_task_that_could_not_be_counted_out_leaves_its_resource() {
        drainThrows = true;
        QueuedTask<Resource, Object> task = task(TaskLane.MAIN, (context, resource) -> {
            queue.close();
            return "value";
        });

        assertThatThrownBy(() -> runner.run(task)).isInstanceOf(OutOfMemoryError.class);

        assertThat(task.join()).isEqualTo("value");
        assertThat(pool.counts().available()).isEqualTo(1);
    }

    @Test
    void a_task_whose_attempt_the_engine_could_not_end_is_answered_and_its_resource_destroyed() throws Exception {
        logger.broken = true;
        QueuedTask<Resource, Object> task = task(TaskLane.DIRECT, (context, resource) -> {
            throw new IOException("healthy");
        });

        runner.run(task);

        assertThatThrownBy(task::join)
                .hasCauseInstanceOf(TaskExecutionException.class)
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(factory.destroyed()).hasSize(1);
        queue.close();
        assertThat(queue.isOver()).isTrue();
    }

    private QueuedTask<Resource, Object> task(TaskLane lane, Task<Resource, Object> task) {
        return new QueuedTask<>(
                new TaskTerms(queue, lane, TaskOptions.builder().once().build(), 0, TimeLimits.NONE), task, null);
    }

    private void onDrained() {
        if (drainThrows) {
            throw new OutOfMemoryError("while draining");
        }
    }
}

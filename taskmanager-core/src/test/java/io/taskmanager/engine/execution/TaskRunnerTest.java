package io.taskmanager.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.ResourceHealthCheck;
import io.taskmanager.Task;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.TaskTerms;
import io.taskmanager.engine.queue.TimeLimits;
import io.taskmanager.engine.resource.FactoryLimits;
import io.taskmanager.engine.resource.ResourceLife;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.testkit.RecordingLogger;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of one attempt, on this thread. */
class TaskRunnerTest {

    private static final IOException ERROR = new IOException("broken");

    private final ManualTimer timer = new ManualTimer();
    private final RecordingLogger logger = new RecordingLogger(true);
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
    private final AtomicReference<QueuedTask<String, Object>> task = new AtomicReference<>();
    private boolean valid = true;
    private ResourceHealthCheck<Object> healthCheck = (error, resource) -> true;

    @AfterEach
    void noInterruptIsLeftAndNothingArmed() {
        assertThat(Thread.interrupted()).isFalse();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void a_result_comes_with_its_times_and_a_good_resource() throws Exception {
        long start = timer.nanos();

        Outcome outcome = run((context, resource) -> {
            timer.advance(Duration.ofSeconds(1));
            return resource + " " + context.attempt();
        });

        assertThat(outcome.takeError()).isNull();
        assertThat(outcome.takeValue(task.get())).isEqualTo("session 1");
        assertThat(outcome.takeValue(task.get())).as("kept").isNull();
        assertThat(outcome.reusable()).isTrue();
        assertThat(outcome.finishedNanos()).isEqualTo(start + 1_000_000_000L);
    }

    @Test
    void a_healthy_error_leaves_the_resource() throws Exception {
        Outcome outcome = run(TaskRunnerTest::throwError);

        assertThat(outcome.takeError()).isSameAs(ERROR);
        assertThat(outcome.retry()).isFalse();
        assertThat(outcome.reusable()).isTrue();
        assertThat(logger.lines())
                .singleElement()
                .satisfies(
                        line -> assertThat(line.text())
                                .isEqualTo(
                                        "task \"sample\" threw in attempt 1, the resource is healthy: java.io.IOException: broken"));
    }

    @Test
    void an_unhealthy_error_does_not() throws Exception {
        healthCheck = (error, resource) -> error != ERROR;

        Outcome outcome = run(TaskRunnerTest::throwError);

        assertThat(outcome.retry()).isTrue();
        assertThat(outcome.reusable()).isFalse();
    }

    @Test
    void a_resource_is_asked_for_after_a_cancel_whether_the_task_returned_or_threw() throws Exception {
        valid = false;
        assertThat(run(this::cancelAndReturn).reusable()).isFalse();
        assertThat(run(this::cancelAndThrow).reusable()).isFalse();

        valid = true;
        assertThat(run(this::cancelAndReturn).reusable()).isTrue();
        assertThat(run(this::cancelAndThrow).reusable()).isTrue();
    }

    @Test
    void a_resource_is_not_asked_for_without_a_cancel() throws Exception {
        valid = false;

        assertThat(run((context, resource) -> "").reusable()).isTrue();
        assertThat(run(TaskRunnerTest::throwError).reusable()).isTrue();
    }

    @Test
    void a_task_that_has_ended_is_not_started() throws Exception {
        QueuedTask<String, Object> ended = newTask((context, resource) -> {
            throw new AssertionError("started");
        });
        ended.cancel(true);

        assertThat(run(ended)).isNull();
    }

    @Test
    void an_interrupt_that_is_none_of_the_cancellers_stays() throws Exception {
        run((context, resource) -> {
            Thread.currentThread().interrupt();
            return "";
        });

        assertThat(Thread.interrupted()).isTrue();
    }

    private static Object throwError(Object context, String resource) throws IOException {
        throw ERROR;
    }

    /** By its interrupt too: that must be gone afterwards. */
    private Object cancelAndReturn(Object context, String resource) {
        task.get().cancel(true);
        return "";
    }

    private Object cancelAndThrow(Object context, String resource) throws IOException {
        task.get().cancel(true);
        throw ERROR;
    }

    private Outcome run(Task<String, Object> does) throws Exception {
        return run(newTask(does));
    }

    private QueuedTask<String, Object> newTask(Task<String, Object> does) {
        return new QueuedTask<>(
                new TaskTerms(
                        queue,
                        TaskLane.DIRECT,
                        TaskOptions.builder().name("sample").build(),
                        1,
                        TimeLimits.NONE),
                does,
                null);
    }

    private Outcome run(QueuedTask<String, Object> queued) throws Exception {
        task.set(queued);
        ResourceFactory<String> factory = new ResourceFactory<>() {
            @Override
            public String create() {
                return "session";
            }

            @Override
            public void destroy(String resource) {}

            @Override
            public boolean validate(String resource) {
                return valid;
            }
        };
        Resources<String> resources = new Resources<>(
                "test",
                factory,
                new ResourceLife(null, 0, null),
                new FactoryLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Backoff.none()),
                new EventLog("test", null, guard),
                logger,
                guard,
                timer);
        AttemptRules<String> rules = new AttemptRules<>(
                new ErrorClassifier<>(healthCheck, null, resources),
                resources,
                logger,
                guard,
                timer,
                Duration.ofSeconds(10));
        return new TaskRunner<>(rules, unused -> {}, () -> {})
                .run(queued, resources.create(() -> false, 0, () -> {}), timer.nanos(), false);
    }
}

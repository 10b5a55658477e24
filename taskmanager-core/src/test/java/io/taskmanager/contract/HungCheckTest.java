package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.TaskContext;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.WorkerInfo;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A health check, retry policy or validation that hangs after a task holds up neither the answer of that nor the next. */
class HungCheckTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** validationTimeout and stuckTaskGrace. */
    private static final Duration ABANDONED = Duration.ofSeconds(5 + 10);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final Gate gate = bed.gate();

    @EveryRetriedForm
    void aTaskWhoseHealthCheckHangsFailsAndTheNextHasAnotherWorker(EntryPoint entry) {
        assertThatTheTaskFails(entry, config -> config.healthCheck(error -> gate.passIgnoringInterrupts() < 0));
    }

    @EveryRetriedForm
    void aTaskWhoseHealthCheckOfItsResourceHangsFailsAndTheNextHasAnotherWorker(EntryPoint entry) {
        assertThatTheTaskFails(
                entry, config -> config.resourceHealthCheck((error, resource) -> gate.passIgnoringInterrupts() < 0));
    }

    @EveryRetriedForm
    void aTaskWhoseRetryPolicyHangsFailsAndTheNextHasAnotherWorker(EntryPoint entry) {
        assertThatTheTaskFails(
                entry, config -> config.retryPolicy((error, attempt) -> gate.passIgnoringInterrupts() >= 0));
    }

    private void assertThatTheTaskFails(EntryPoint entry, UnaryOperator<TaskManagerConfig.Builder<Resource>> hanging) {
        var manager = bed.timedManager(
                config -> hanging.apply(config.maxWorkerCount(1).lending(false)));
        Answer<Object> hung = bed.call(entry, manager, (context, resource) -> {
            throw new IOException("broken");
        });
        gate.awaitArrivals(1);
        assertThat(manager.control().workers())
                .extracting(WorkerInfo::state)
                .containsExactly(WorkerInfo.State.VALIDATING);
        Answer<Integer> next = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> resource.id());

        bed.timer().advance(ABANDONED);

        assertThat(hung.error(TaskExecutionException.class)).hasCauseInstanceOf(IOException.class);
        assertThat(next.value()).isEqualTo(2);
        assertThat(manager.control().events()).anyMatch(event -> event.type() == Type.RESOURCE_STUCK);
        gate.open();
        Await.untilAsserted(() -> assertThat(bed.factory().alive()).hasSize(1));
        assertThat(manager.metrics().totalTasksFailed()).isEqualTo(1);
    }

    @Test
    void aHealthCheckThatTakesTooLongMeansThatTheResourceIsBroken() {
        var manager = bed.timedManager(config -> config.healthCheck(error -> passes()));
        Answer<Integer> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                throw new IOException("broken");
            }
            return resource.id();
        });
        gate.awaitArrivals(1);

        bed.timer().advance(Duration.ofSeconds(5));

        assertThat(answer.value()).isEqualTo(2);
    }

    @Test
    void theTimeOfAHealthCheckIsNoRunTimeOfItsTask() {
        var manager = bed.timedManager(
                config -> config.taskTimeout(TIMEOUT).maxRetries(0).healthCheck(error -> passes()));
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            throw new IOException("in time");
        });
        gate.awaitArrivals(1);

        bed.timer().advance(TIMEOUT);
        gate.open();

        assertThat(answer.error(TaskExecutionException.class)).hasCauseInstanceOf(IOException.class);
        assertThat(manager.metrics().totalTasksTimedOut()).isZero();
    }

    @Test
    void noOtherTimeoutWaitsForARetryPolicyThatHangs() {
        Gate running = bed.gate();
        var manager = bed.timedManager(config -> config.workerCount(2)
                .taskTimeout(TIMEOUT)
                .retryPolicy((error, attempt) -> gate.passIgnoringInterrupts() >= 0));
        Answer<Object> first = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            running.pass();
            return null;
        });
        running.awaitArrivals(1);
        bed.timer().advance(TIMEOUT);
        gate.awaitArrivals(1);

        Answer<Object> second = bed.submit(manager, TaskOptions.builder().once(), (context, resource) -> {
            running.pass();
            return null;
        });
        running.awaitArrivals(2);
        bed.timer().advance(TIMEOUT);

        second.error(TaskTimeoutException.class);
        bed.timer().advance(ABANDONED);
        first.error(TaskTimeoutException.class);
        assertThat(manager.metrics().totalTasksTimedOut()).isEqualTo(2);
    }

    @Test
    void aTaskThatIsToBeRetriedAfterATimeoutIsAnsweredThoughTheValidationHangs() {
        Gate running = bed.gate();
        bed.factory().fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        var manager = bed.timedManager(config -> config.taskTimeout(TIMEOUT).retryPolicy((error, attempt) -> true));
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            running.pass();
            return null;
        });
        running.awaitArrivals(1);
        bed.timer().advance(TIMEOUT);
        gate.awaitArrivals(1);

        bed.timer().advance(ABANDONED);

        answer.error(TaskTimeoutException.class);
    }

    @Test
    void aTaskThatReturnsAfterItsTimeoutHasItsValueThoughTheValidationHangs() {
        Gate running = bed.gate();
        AtomicReference<TaskContext> attempt = new AtomicReference<>();
        bed.factory().fitness(resource -> gate.passIgnoringInterrupts() >= 0);
        var manager = bed.timedManager(config -> config.taskTimeout(TIMEOUT).retryPolicy((error, count) -> true));
        Answer<String> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            attempt.set(context);
            running.passIgnoringInterrupts();
            return "done";
        });
        running.awaitArrivals(1);
        bed.timer().advance(TIMEOUT);
        Await.until("the cancellation", () -> attempt.get().isCancelled());
        running.open();
        gate.awaitArrivals(1);

        bed.timer().advance(ABANDONED);

        assertThat(answer.value()).isEqualTo("done");
    }

    /** Heeds an interrupt, and keeps it. */
    private boolean passes() {
        try {
            gate.pass();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}

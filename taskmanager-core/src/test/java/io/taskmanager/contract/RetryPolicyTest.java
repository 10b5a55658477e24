package io.taskmanager.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.RetriesExhaustedException;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.testkit.Answer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.EntryPoint;
import io.taskmanager.testkit.EveryOnceForm;
import io.taskmanager.testkit.EveryRetriedForm;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.Resource;
import io.taskmanager.testkit.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A policy of one's own says which errors are worth another try; the health check says what becomes of the resource. */
class RetryPolicyTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(10);

    @RegisterExtension
    final TestBed bed = new TestBed();

    private final List<String> asked = new CopyOnWriteArrayList<>();

    @EveryRetriedForm
    void aTaskIsRetriedThoughItsResourceIsHealthyAndKeepsThat(EntryPoint entry) {
        var manager = bed.manager(config -> config.retryPolicy(this::yes));

        Answer<Integer> answer = bed.call(entry, manager, failingUntil(3));

        assertThat(answer.value()).isEqualTo(3);
        assertThat(asked).containsExactly("IOException 1", "IOException 2");
        assertThat(bed.factory().created()).hasSize(1);
    }

    @EveryRetriedForm
    void aTaskThatIsNotWorthItFailsAtOnceThoughItsResourceIsReplaced(EntryPoint entry) {
        var manager = bed.manager(
                config -> config.retryPolicy((error, attempt) -> false).healthCheck(error -> false));

        Answer<Integer> answer = bed.call(entry, manager, failingUntil(2));

        assertThat(answer.error(TaskExecutionException.class)).hasCauseInstanceOf(IOException.class);
        Await.until("a replacement", () -> bed.factory().created().size() == 2);
        assertThat(manager.metrics().totalTasksRetried()).isZero();
    }

    @EveryRetriedForm
    void aTaskIsRetriedAsOftenAsItMayBe(EntryPoint entry) {
        var manager = bed.manager(config -> config.retryPolicy(this::yes).maxRetries(2));

        Answer<Integer> answer = bed.call(entry, manager, failingUntil(4));

        assertThat(answer.error(RetriesExhaustedException.class).attempts()).isEqualTo(3);
    }

    @EveryOnceForm
    void aTaskThatRunsOnceIsNotAskedAbout(EntryPoint entry) {
        var manager = bed.manager(config -> config.retryPolicy(this::yes));

        bed.call(entry, manager, failingUntil(2)).error(TaskExecutionException.class);

        assertThat(asked).isEmpty();
    }

    @Test
    void aPolicyThatThrowsMeansNo() {
        var manager = bed.manager(config -> config.retryPolicy((error, attempt) -> {
            throw new IllegalStateException("policy");
        }));

        bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, failingUntil(2)).error(TaskExecutionException.class);

        assertThat(bed.logger().lines()).anyMatch(line -> line.text().contains("the retry policy threw"));
    }

    @Test
    void aSynchronousManagerRetriesOnTheSameResource() {
        var manager = bed.synchronousManager(config -> config.retryPolicy(this::yes));

        assertThat(bed.callHere(EntryPoint.QUEUE_TASK, manager, failingUntil(3)).value())
                .isEqualTo(3);
        assertThat(bed.factory().created()).hasSize(1);
    }

    @EveryRetriedForm
    void anAttemptThatRanTooLongCanBeFollowedByAnother(EntryPoint entry) {
        Gate gate = bed.gate();
        var manager = bed.timedManager(
                config -> config.taskTimeout(TIMEOUT).retryPolicy(this::yes).healthCheck(error -> {
                    throw new AssertionError("not asked about an interrupt of the manager's own");
                }));
        Answer<Integer> answer = bed.call(entry, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
            }
            return context.attempt();
        });
        gate.awaitArrivals(1);

        bed.timer().advance(TIMEOUT);

        assertThat(answer.value()).isEqualTo(2);
        assertThat(asked).containsExactly("TaskTimeoutException 1");
        assertThat(manager.metrics().totalTasksRetried()).isEqualTo(1);
        assertThat(manager.metrics().totalTasksTimedOut()).isZero();
    }

    @Test
    void anAttemptThatRanTooLongRunsAgainOnAnotherResourceIfItsOwnIsUnfit() {
        Gate gate = bed.gate();
        bed.factory().fitness(resource -> resource.id() != 1);
        var manager = bed.timedManager(config -> config.taskTimeout(TIMEOUT).retryPolicy(this::yes));
        Answer<Integer> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
            }
            return resource.id();
        });
        gate.awaitArrivals(1);

        bed.timer().advance(TIMEOUT);

        assertThat(answer.value()).isEqualTo(2);
    }

    @Test
    void theLastAttemptThatRunsTooLongIsAnsweredAtOnce() {
        Gate gate = bed.gate();
        var manager = bed.timedManager(
                config -> config.taskTimeout(TIMEOUT).retryPolicy(this::yes).maxRetries(1));
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            if (context.attempt() == 1) {
                gate.pass();
            }
            return gate.passIgnoringInterrupts();
        });
        gate.awaitArrivals(1);
        bed.timer().advance(TIMEOUT);
        gate.awaitArrivals(2);

        bed.timer().advance(TIMEOUT);

        answer.error(TaskTimeoutException.class);
        assertThat(asked).containsExactly("TaskTimeoutException 1");
    }

    @Test
    void anAttemptThatIgnoresItsInterruptIsAnsweredAndAbandonedAfterTheGrace() {
        Gate gate = bed.gate();
        var manager = bed.timedManager(
                config -> config.taskTimeout(TIMEOUT).retryPolicy(this::yes).stuckTaskGrace(GRACE));
        AtomicReference<TaskContext> attempt = new AtomicReference<>();
        Answer<Object> answer = bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> {
            attempt.set(context);
            return gate.passIgnoringInterrupts();
        });
        gate.awaitArrivals(1);

        bed.timer().advance(TIMEOUT);
        Await.until("the cancellation", () -> attempt.get().isCancelled());
        attempt.get().onCancel(() -> {}); // runs when the canceller has done all that it does
        assertThat(answer.isDone()).isFalse();
        bed.timer().advance(GRACE);

        answer.error(TaskTimeoutException.class);
        assertThat(bed.call(EntryPoint.QUEUE_TASK_ASYNC, manager, (context, resource) -> "next")
                        .value())
                .isEqualTo("next");
        assertThat(manager.metrics().totalTasksTimedOut()).isEqualTo(1);
    }

    @Test
    void aDeadlineThatIsOverIsNotRetried() {
        Gate gate = bed.gate();
        var manager = bed.timedManager(config -> config.deadline(TIMEOUT).retryPolicy(this::yes));
        Answer<Object> answer = bed.submit(manager, TaskOptions.builder(), (context, resource) -> {
            gate.pass();
            return null;
        });
        gate.awaitArrivals(1);

        bed.timer().advance(TIMEOUT);

        answer.error(TaskTimeoutException.class);
        assertThat(asked).isEmpty();
    }

    private boolean yes(Throwable error, int attempt) {
        asked.add(error.getClass().getSimpleName() + " " + attempt);
        return true;
    }

    private static Task<Resource, Integer> failingUntil(int attempt) {
        return (context, resource) -> {
            if (context.attempt() < attempt) {
                throw new IOException("attempt " + context.attempt());
            }
            return context.attempt();
        };
    }
}

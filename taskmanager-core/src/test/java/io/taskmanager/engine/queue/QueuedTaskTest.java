package io.taskmanager.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.SystemLogger;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.testkit.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One task from its submission to its end: the answer, the books and the timer agree. */
class QueuedTaskTest {

    private static final Task<Object, Object> NOTHING = (context, resource) -> "";

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long START = new ManualTimer().nanos();

    private final ManualTimer timer = new ManualTimer();
    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(timer);
    private final RecordingListener listener = new RecordingListener();
    private final TaskQueue queue = queue(timer);
    private final Notes attempt = new Notes();
    private final WorkerSlot seat = new WorkerSlot() {
        @Override
        protected boolean hasOtherWork() {
            return false;
        }
    };

    private TaskQueue queue(Timer itsTimer) {
        return new TaskQueue(
                "test",
                new Object(),
                3,
                3,
                0,
                itsTimer,
                Runnable::run,
                new Ledger(collector, null, listener, new Guard(new SystemLogger("test"))),
                () -> {});
    }

    @Test
    void a_result_is_booked_with_the_times_of_its_attempt() {
        QueuedTask<Object, Object> task = offered(TimeLimits.NONE);
        timer.advance(SECOND);
        start(task);
        timer.advance(SECOND);

        task.succeed("result", timer.nanos());
        task.fail(new TaskExecutionException("late", new Exception()), timer.nanos());

        assertThat(task).isCompletedWithValue("result");
        assertThat(listener.finished())
                .containsExactly(finished(TaskOutcome.COMPLETED, 1, START + 1_000_000_000L, START + 2_000_000_000L));
    }

    @Test
    void a_failure_is_booked_and_answered_once() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);
        TaskExecutionException error = new TaskExecutionException("broken", new Exception());

        task.fail(error, START);
        task.succeed("late", START);

        assertThatThrownBy(task::await).isSameAs(error);
        assertThat(listener.finished()).containsExactly(finished(TaskOutcome.FAILED, 1, START, START));
    }

    @Test
    void a_task_that_never_started_has_the_time_of_its_end() {
        QueuedTask<Object, Object> task = offered(TimeLimits.NONE);
        timer.advance(SECOND);

        assertThat(task.cancel(false)).isTrue();

        long end = START + 1_000_000_000L;
        assertThat(listener.finished()).containsExactly(finished(TaskOutcome.CANCELLED, 0, end, end));
        assertThatThrownBy(task::await)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessage("task \"sample\" of manager \"test\" did not finish: it was cancelled");
    }

    @Test
    void a_task_that_ends_in_its_back_off_has_the_run_time_of_its_last_attempt() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);
        timer.advance(SECOND);
        task.attemptEnded();
        queue.retry(task, seat, SECOND.multipliedBy(100), timer.nanos());
        timer.advance(SECOND.multipliedBy(50));

        task.cancel(true);

        assertThat(listener.finished())
                .containsExactly(finished(TaskOutcome.CANCELLED, 1, START, START + 1_000_000_000L));
    }

    @Test
    void a_future_that_is_kept_keeps_no_task() {
        QueuedTask<Object, Object> completed = started(TimeLimits.NONE);
        completed.attemptEnded();
        completed.succeed("result", START);
        queue.workers().leave(seat);
        QueuedTask<Object, Object> cancelled = offered(TimeLimits.NONE);
        cancelled.cancel(true);

        assertThat(completed.task()).isNull();
        assertThat(cancelled.task()).isNull();
    }

    @Test
    void attempts_are_counted_past_any_number() {
        QueuedTask<Object, Object> task = offered(TimeLimits.NONE);
        int before = task.attempts();
        task.startedSoOften(Integer.MAX_VALUE);
        queue.workers().take(seat);

        assertThat(task.waiting2running(attempt, START)).isTrue();
        assertThat(before).isZero();
        assertThat(task.attempts()).isEqualTo(Integer.MAX_VALUE);
        assertThat(task.cancel(true)).isTrue();
    }

    @Test
    void a_cancel_after_the_answer_says_so() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);
        task.succeed("result", START);

        assertThat(task.cancel(true)).isFalse();
        assertThat(attempt.cancels).isEmpty();
    }

    @Test
    void a_cancel_tells_the_attempt_and_runs_what_it_wants_done() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);

        task.cancel(false);

        assertThat(attempt.cancels).containsExactly("cancel(false)", "action");
        assertThat(task).isCancelled();
    }

    @Test
    void a_kill_interrupts_and_leaves_the_action_to_its_caller() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);

        Runnable rest = task.kill();

        assertThat(attempt.cancels).containsExactly("cancel(true)");
        rest.run();
        assertThat(attempt.cancels).containsExactly("cancel(true)", "action");
        assertThatThrownBy(task::await).hasMessageEndingWith("did not finish: the manager was killed");
    }

    @Test
    void a_kill_interrupts_also_what_was_cancelled_gently_and_runs_on() {
        QueuedTask<Object, Object> task = started(TimeLimits.NONE);
        task.cancel(false);

        task.kill().run();

        assertThat(attempt.cancels).containsExactly("cancel(false)", "action", "cancel(true)", "action");
        assertThat(listener.finished()).hasSize(1);
    }

    @Test
    void a_kill_of_a_task_that_was_cancelled_before_it_started_does_nothing() {
        QueuedTask<Object, Object> task = offered(TimeLimits.NONE);
        task.cancel(true);

        task.kill().run();

        assertThat(listener.finished()).hasSize(1);
    }

    @Test
    void a_rejection_is_counted_and_is_no_end_of_a_task() {
        QueuedTask<Object, Object> task = task(TimeLimits.NONE);
        TaskRejectedException rejection = new TaskRejectedException(TaskRejectedException.Reason.QUEUE_FULL, "full");

        task.reject(rejection);

        assertThatThrownBy(task::await).isSameAs(rejection);
        assertThat(task.waiting2running(attempt, START)).isFalse();
        assertThat(collector.metrics().totalTasksRejected()).isEqualTo(1);
        assertThat(listener.finished()).isEmpty();
    }

    @Test
    void a_wait_that_lasts_too_long_is_answered_and_frees_its_place() {
        QueuedTask<Object, Object> task = offered(new TimeLimits(SECOND, null, null, 0));
        timer.advance(SECOND.minusNanos(1));
        assertThat(task).isNotDone();

        timer.advance(Duration.ofNanos(1));

        assertThatThrownBy(task::await)
                .isInstanceOf(TaskTimeoutException.class)
                .hasMessage("task \"sample\" of manager \"test\" was not started within its queueTimeout (PT1S)");
        assertThat(queue.counts().main()).isZero();
        assertThat(collector.metrics().totalTasksTimedOut()).isEqualTo(1);
    }

    @Test
    void a_run_that_lasts_too_long_is_interrupted_and_answered() {
        QueuedTask<Object, Object> task = started(new TimeLimits(SECOND, SECOND, null, 0));
        assertThat(timer.pending()).isEqualTo(1); // the run's, and the wait's no more

        timer.advance(SECOND);

        assertThatThrownBy(task::await).hasMessageEndingWith("ran longer than its timeout (PT1S)");
        Awaitility.await().untilAsserted(() -> assertThat(attempt.cancels).containsExactly("cancel(true)", "action"));
        assertThat(listener.finished())
                .containsExactly(finished(TaskOutcome.TIMED_OUT, 1, START, START + 1_000_000_000L));
    }

    @Test
    void an_answer_disarms_the_timeout() {
        QueuedTask<Object, Object> task = started(new TimeLimits(null, SECOND, null, 0));

        task.succeed("result", START);

        assertThat(timer.pending()).isZero();
    }

    @Test
    void the_queue_timeout_is_over_once_a_task_was_started_also_for_its_retries() {
        QueuedTask<Object, Object> task = started(new TimeLimits(SECOND, null, null, 0));

        assertThat(queue.retry(task, seat, Duration.ZERO, 0)).isTrue();

        assertThat(timer.pending()).isZero();
    }

    @Test
    void a_task_that_is_cancelled_on_its_way_back_waits_for_no_deadline() {
        QueuedTask<Object, Object> task =
                started(new TimeLimits(null, null, Instant.parse("2100-01-01T00:00:00Z"), START + SECOND.toNanos()));
        assertThat(task.running2waiting(0, null)).isTrue();
        task.cancel(true);

        task.armWaiting();

        assertThat(timer.pending()).isZero();
    }

    @Test
    void a_deadline_runs_on_through_a_back_off() {
        Instant due = Instant.parse("2100-01-01T00:00:00Z");
        QueuedTask<Object, Object> task = started(new TimeLimits(null, null, due, START + SECOND.toNanos()));
        queue.retry(task, seat, SECOND.multipliedBy(5), 0);

        timer.advance(SECOND);

        assertThatThrownBy(task::await).hasMessageEndingWith("missed its deadline (" + due + ")");
        assertThat(task.deadline()).contains(due);
        assertThat(queue.counts().retrying()).isZero();
        assertThat(timer.pending()).isZero();
        assertThat(attempt.cancels).isEmpty(); // it was no longer running
    }

    @Test
    void one_that_a_kill_has_found_before_it_was_refused_counts_as_accepted_and_cancelled() {
        QueuedTask<Object, Object> task = task(TimeLimits.NONE);
        task.kill().run();

        task.reject(new TaskRejectedException(TaskRejectedException.Reason.SHUTTING_DOWN, "test"));

        assertThatThrownBy(task::await).isInstanceOf(TaskCancelledException.class);
        TaskMetrics metrics = collector.metrics();
        assertThat(metrics.totalTasksArrived()).isOne();
        assertThat(metrics.totalTasksCancelled()).isOne();
        assertThat(metrics.totalTasksRejected()).isZero();
    }

    /** By whoever ends it; each leaves a limit of its time behind, which is disarmed at the end. */
    @ParameterizedTest
    @EnumSource
    void an_error_at_its_end_keeps_no_answer_back(End end) {
        TaskQueue failing = queue(new UncancellableTimer(timer));
        QueuedTask<Object, Object> task = new QueuedTask<>(
                new TaskTerms(
                        failing,
                        TaskLane.MAIN,
                        TaskOptions.builder().name("sample").build(),
                        3,
                        new TimeLimits(SECOND, null, Instant.parse("2100-01-01T00:00:00Z"), START + SECOND.toNanos())),
                NOTHING,
                Frame.ofCaller());
        failing.offer(task);
        if (end.ofStarted) {
            assertThat(failing.workers().take(seat)).isSameAs(task);
        }

        assertThatCode(() -> end.action.accept(task))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isNull(),
                        thrown -> assertThat(thrown).hasMessage("uncancellable"));

        assertThat(task).isDone();
        assertThat(task.ending()).isNotNull();
    }

    private enum End {
        CANCEL(false, task -> task.cancel(true)),
        CANCEL_WAITING(false, task -> task.cancelWaiting("a test").run()),
        KILL(false, task -> task.kill().run()),
        REFUSE(
                false,
                task -> task.refuseAwaited(
                                new TaskRejectedException(TaskRejectedException.Reason.NO_RESOURCE, "test"),
                                Long.MAX_VALUE)
                        .run()),
        BY_HAND(false, task -> task.complete("by hand")),
        FAIL_ELSEWHERE(false, task -> task.failElsewhere(new TaskTimeoutException("test"))),
        SUCCEED_ELSEWHERE(false, task -> task.succeedElsewhere("value")),
        SUCCEED(true, task -> task.succeed("value", START)),
        FAIL(true, task -> task.fail(new TaskExecutionException("test", null), START));

        final boolean ofStarted;
        final Consumer<QueuedTask<Object, Object>> action;

        End(boolean ofStarted, Consumer<QueuedTask<Object, Object>> action) {
            this.ofStarted = ofStarted;
            this.action = action;
        }
    }

    /** What it has taken can't be taken back. */
    private record UncancellableTimer(Timer timer) implements Timer {

        @Override
        public void start() {
            timer.start();
        }

        @Override
        public long nanos() {
            return timer.nanos();
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            Cancellable unused = timer.after(delay, action);
            return () -> {
                throw new IllegalStateException("uncancellable");
            };
        }

        @Override
        public Cancellable every(Duration delay, Runnable action) {
            return after(delay, action);
        }

        @Override
        public void close() {
            timer.close();
        }
    }

    private QueuedTask<Object, Object> task(TimeLimits limits) {
        return new QueuedTask<>(
                new TaskTerms(
                        queue,
                        TaskLane.MAIN,
                        TaskOptions.builder().name("sample").build(),
                        3,
                        limits),
                NOTHING,
                null);
    }

    private QueuedTask<Object, Object> offered(TimeLimits limits) {
        QueuedTask<Object, Object> task = task(limits);
        queue.offer(task);
        return task;
    }

    private QueuedTask<Object, Object> started(TimeLimits limits) {
        QueuedTask<Object, Object> task = offered(limits);
        start(task);
        return task;
    }

    private void start(QueuedTask<?, ?> task) {
        assertThat(queue.workers().take(seat)).isSameAs(task);
        assertThat(task.waiting2running(attempt, timer.nanos())).isTrue();
    }

    private static TaskFinished finished(TaskOutcome outcome, int attempts, long startedNanos, long finishedNanos) {
        return new TaskFinished(
                "test",
                "sample",
                TaskLane.MAIN,
                outcome,
                attempts,
                Map.of(),
                NOTHING,
                new TaskLifecycleTimestamps(START, startedNanos, finishedNanos));
    }

    private static final class Notes implements Attempt {
        private final List<String> cancels = new ArrayList<>();

        @Override
        public Runnable cancel(boolean interrupt) {
            cancels.add("cancel(" + interrupt + ")");
            return () -> cancels.add("action");
        }
    }
}

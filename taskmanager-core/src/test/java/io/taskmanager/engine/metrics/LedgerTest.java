package io.taskmanager.engine.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.testkit.RecordingLogger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final RecordingLogger logger = new RecordingLogger(false);
    private final Guard guard = new Guard(logger);

    /** Or a task that has ended would never be answered, for want of memory to say that it has. */
    @Test
    void what_goes_wrong_while_it_records_reaches_no_task_and_no_count() {
        Ledger ledger = new Ledger(new DefaultMetricsCollector(() -> 0), new Full(), new FullListener(), guard);

        assertThatCode(() -> tellAll(ledger)).doesNotThrowAnyException();

        assertThat(ledger.totals()).isEqualTo(new ShutdownReport(1, 2, 1, 1, 0));
    }

    @Test
    void the_report_has_the_ends_that_our_own_collector_counts() {
        DefaultMetricsCollector ours = new DefaultMetricsCollector(() -> 0);
        Ledger ledger = new Ledger(ours, null, new FullListener(), guard);

        tellAll(ledger);

        assertThat(ledger.totals()).isEqualTo(new ShutdownReport(1, 2, 1, 1, 0));
        TaskMetrics metrics = ours.metrics();
        assertThat(metrics.totalTasksArrived()).isEqualTo(1);
        assertThat(metrics.totalTasksRejected()).isEqualTo(1);
        assertThat(metrics.totalTasksRetried()).isEqualTo(1);
        assertThat(metrics.totalTasksCompleted()).isEqualTo(1);
        assertThat(metrics.totalTasksFailed()).isEqualTo(1);
        assertThat(metrics.totalTasksTimedOut()).isEqualTo(1);
        assertThat(metrics.totalTasksCancelled()).isEqualTo(2);
    }

    @Test
    void a_listener_is_told_of_tasks_if_it_listens_to_them_or_does_not_say() {
        assertThat(tellsOfTasks(new TaskManagerListener() {})).isFalse();
        assertThat(tellsOfTasks(null)).isFalse();
        assertThat(tellsOfTasks(new FullListener())).isTrue();
        assertThat(tellsOfTasks(new TaskManagerListener() {
                    @Override
                    public boolean listensToFinishedTasks() {
                        throw full();
                    }
                }))
                .isTrue();
    }

    private boolean tellsOfTasks(@Nullable TaskManagerListener listener) {
        return new Ledger(new DefaultMetricsCollector(() -> 0), null, listener, guard).tellsOfTasks();
    }

    private static void tellAll(Ledger ledger) {
        ledger.arrived(0);
        ledger.rejected(new TaskRejected("test", TaskLane.MAIN, Reason.QUEUE_FULL));
        ledger.retried();
        ledger.ended(TaskOutcome.COMPLETED, TaskLane.MAIN, true, 0, 0, 0);
        ledger.ended(TaskOutcome.FAILED, TaskLane.MAIN, true, 0, 0, 0);
        ledger.ended(TaskOutcome.TIMED_OUT, TaskLane.MAIN, true, 0, 0, 0);
        ledger.ended(TaskOutcome.CANCELLED, TaskLane.MAIN, true, 0, 0, 0);
        ledger.ended(TaskOutcome.CANCELLED, TaskLane.MAIN, false, 0, 0, 0);
        ledger.finished(new TaskFinished(
                "test",
                "task",
                TaskLane.MAIN,
                TaskOutcome.COMPLETED,
                1,
                Map.of(),
                (context, resource) -> "",
                new TaskLifecycleTimestamps(0, 0, 0)));
    }

    private static OutOfMemoryError full() {
        return new OutOfMemoryError("made up");
    }

    private static final class FullListener implements TaskManagerListener {
        @Override
        public void taskRejected(TaskRejected event) {
            throw full();
        }

        @Override
        public void taskFinished(TaskFinished event) {
            throw full();
        }
    }

    private static final class Full implements MetricsCollector {
        @Override
        public void recordArrival() {
            throw full();
        }

        @Override
        public void recordCompletion(TaskLifecycleTimestamps stamps) {
            throw full();
        }

        @Override
        public void recordFailure(TaskLifecycleTimestamps stamps) {
            throw full();
        }

        @Override
        public void recordRetry() {
            throw full();
        }

        @Override
        public void recordRejection() {
            throw full();
        }

        @Override
        public void recordCancellation() {
            throw full();
        }

        @Override
        public void recordTimeout(TaskLifecycleTimestamps stamps) {
            throw full();
        }

        @Override
        public TaskMetrics metrics() {
            throw full();
        }
    }
}

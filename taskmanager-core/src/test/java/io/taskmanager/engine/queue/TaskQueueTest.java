package io.taskmanager.engine.queue;

import static io.taskmanager.engine.queue.TaskQueue.Admission.ACCEPTED;
import static io.taskmanager.engine.queue.TaskQueue.Admission.CLOSED;
import static io.taskmanager.engine.queue.TaskQueue.Admission.FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskOptions;
import io.taskmanager.engine.metrics.DefaultMetricsCollector;
import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.queue.TaskQueue.Admission;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.SystemLogger;
import io.taskmanager.testkit.Footprint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TaskQueueTest {

    private static final Duration BACKOFF = Duration.ofSeconds(5);

    private final ManualTimer timer = new ManualTimer();
    private final DefaultMetricsCollector collector = new DefaultMetricsCollector(timer);
    private final AtomicInteger drained = new AtomicInteger();
    private final Map<QueuedTask<?, ?>, WorkerSlot> seats = new IdentityHashMap<>();
    private final TaskQueue queue = new TaskQueue(
            "test",
            new Object(),
            3,
            2,
            0,
            timer,
            Runnable::run,
            new Ledger(collector, null, null, new Guard(new SystemLogger("test"))),
            drained::incrementAndGet);

    @Test
    void lanes_are_strict_and_each_is_first_in_first_out() {
        QueuedTask<?, ?> toRetry = taken(TaskLane.MAIN);
        QueuedTask<?, ?> main1 = accepted(TaskLane.MAIN);
        QueuedTask<?, ?> priority1 = accepted(TaskLane.PRIORITY);
        QueuedTask<?, ?> main2 = accepted(TaskLane.MAIN);
        QueuedTask<?, ?> priority2 = accepted(TaskLane.PRIORITY);
        queue.retry(toRetry, seatOf(toRetry), Duration.ZERO, 0);

        assertThat(takeAll(5)).containsExactly(toRetry, priority1, priority2, main1, main2);
    }

    @Test
    void each_lane_has_its_own_room() {
        accepted(TaskLane.PRIORITY);
        accepted(TaskLane.PRIORITY);

        assertThat(queue.offer(task(TaskLane.PRIORITY))).isEqualTo(FULL);
        assertThat(queue.offer(task(TaskLane.MAIN))).isEqualTo(ACCEPTED);
        assertThat(queue.counts()).isEqualTo(new TaskQueue.Counts(1, 2, 0, 0, 0, 3, false));
    }

    @Test
    void tasks_that_come_and_are_cancelled_behind_others_take_no_memory_and_leave_the_order() throws Exception {
        QueuedTask<?, ?> first = accepted(TaskLane.MAIN);
        comeAndGo(100);
        QueuedTask<?, ?> second = accepted(TaskLane.MAIN);
        comeAndGo(100);
        long before = Footprint.of(queue);

        comeAndGo(10_000);

        assertThat(Footprint.of(queue)).isEqualTo(before);
        QueuedTask<?, ?> last = accepted(TaskLane.MAIN);
        assertThat(queue.offer(task(TaskLane.MAIN))).isEqualTo(FULL);
        assertThat(second.cancel(true)).isTrue();
        QueuedTask<?, ?> veryLast = accepted(TaskLane.MAIN);
        assertThat(takeAll(3)).containsExactly(first, last, veryLast);
    }

    @Test
    void a_worker_is_called_all_the_same_when_what_is_run_at_its_call_failed_once() throws Exception {
        CompletableFuture<QueuedTask<?, ?>> worker = takeWhenEmpty(() -> false);
        AtomicInteger runs = new AtomicInteger();
        assertThat(queue.workers().whenWoken(1, () -> {}, () -> {
                    if (runs.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("made up");
                    }
                }))
                .isTrue();
        QueuedTask<?, ?> task = task(TaskLane.MAIN);

        assertThat(queue.offer(task)).isEqualTo(ACCEPTED);

        assertThat(worker.get(20, TimeUnit.SECONDS)).isSameAs(task);
        assertThat(takeWhenEmpty(() -> false)).isNotDone();
        accepted(TaskLane.MAIN);
        assertThat(runs).hasValue(2);
        assertThat(queue.workers().whenWoken(1, () -> {}, () -> {})).isFalse();
    }

    /** A worker that has its resource and comes here only now would take a task without having been woken. */
    @Test
    void it_is_not_at_rest_while_a_worker_has_yet_to_come() throws Exception {
        AtomicInteger rests = new AtomicInteger();
        AtomicInteger wakes = new AtomicInteger();
        assertThat(queue.workers().whenWoken(1, rests::incrementAndGet, wakes::incrementAndGet))
                .isFalse();
        CompletableFuture<QueuedTask<?, ?>> worker = takeWhenEmpty(() -> false);
        assertThat(queue.workers().whenWoken(2, rests::incrementAndGet, wakes::incrementAndGet))
                .isFalse();
        assertThat(rests).hasValue(0);

        assertThat(queue.workers().whenWoken(1, rests::incrementAndGet, wakes::incrementAndGet))
                .isTrue();
        assertThat(wakes).hasValue(0);
        accepted(TaskLane.MAIN);
        worker.get(20, TimeUnit.SECONDS);

        assertThat(rests).hasValue(1);
        assertThat(wakes).hasValue(1);
    }

    private void comeAndGo(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(accepted(TaskLane.MAIN).cancel(true)).isTrue();
        }
    }

    @Test
    void a_retry_needs_no_room() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        for (int i = 0; i < 3; i++) {
            accepted(TaskLane.MAIN);
        }

        assertThat(queue.retry(running, seatOf(running), Duration.ZERO, 0)).isTrue();
        assertThat(queue.counts().retrying()).isEqualTo(1);
    }

    @Test
    void a_retry_waits_out_its_back_off() {
        QueuedTask<?, ?> task = taken(TaskLane.MAIN);
        queue.retry(task, seatOf(task), BACKOFF, 0);
        QueuedTask<?, ?> other = accepted(TaskLane.MAIN);
        assertThat(queue.counts().retrying()).isEqualTo(1);

        assertThat(take()).isSameAs(other);
        timer.advance(BACKOFF);
        assertThat(take()).isSameAs(task);
    }

    @Test
    void a_cancelled_task_frees_its_place_at_once() {
        accepted(TaskLane.MAIN);
        QueuedTask<?, ?> middle = accepted(TaskLane.MAIN);
        accepted(TaskLane.MAIN);

        assertThat(middle.cancel(false)).isTrue();

        assertThat(queue.counts().main()).isEqualTo(2);
        assertThat(queue.offer(task(TaskLane.MAIN))).isEqualTo(ACCEPTED);
        assertThat(takeAll(3)).doesNotContain(middle);
    }

    @Test
    void a_task_cancelled_in_its_back_off_leaves_nothing_behind() {
        QueuedTask<?, ?> task = taken(TaskLane.MAIN);
        queue.retry(task, seatOf(task), BACKOFF, 0);

        task.cancel(true);

        assertThat(queue.counts().retrying()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void a_task_is_cancelled_once() {
        QueuedTask<?, ?> task = accepted(TaskLane.MAIN);

        assertThat(task.cancel(true, "first")).isTrue();
        assertThat(task.cancel(true, "second")).isFalse();
        assertThat(task.cancel(true)).isTrue(); // as any future that is cancelled says
        assertThat(collector.metrics().totalTasksCancelled()).isEqualTo(1);
    }

    @Test
    void a_cancelled_task_throws_its_own_exception_whichever_way_it_is_asked() {
        QueuedTask<?, ?> task = accepted(TaskLane.MAIN);
        task.cancel(true);

        assertThatThrownBy(task::get).isExactlyInstanceOf(TaskCancelledException.class);
        assertThatThrownBy(() -> task.get(1, TimeUnit.SECONDS)).isExactlyInstanceOf(TaskCancelledException.class);
        assertThatThrownBy(task::join).isExactlyInstanceOf(TaskCancelledException.class);
        assertThatThrownBy(() -> task.getNow(null)).isExactlyInstanceOf(TaskCancelledException.class);
    }

    @Test
    void a_cancelled_task_is_not_started_by_whoever_took_it_before() {
        QueuedTask<?, ?> task = accepted(TaskLane.MAIN);
        assertThat(takeUnstarted()).isSameAs(task);

        task.cancel(true);

        assertThat(task.waiting2running(new NoAttempt(), 1)).isFalse();
        assertThat(task.attempts()).isZero();
        assertThat(queue.counts().busyWorkers()).isEqualTo(1);
        queue.workers().leave(seatOf(task));
        assertThat(queue.counts().busyWorkers()).isZero();
    }

    @Test
    void a_task_cancelled_while_it_runs_is_not_retried() {
        QueuedTask<?, ?> task = taken(TaskLane.MAIN);
        task.cancel(true);

        assertThat(queue.retry(task, seatOf(task), Duration.ZERO, 0)).isFalse();
        assertThat(queue.counts().retrying()).isZero();
    }

    @Test
    void a_closed_queue_refuses_and_hands_out_the_rest() {
        QueuedTask<?, ?> last = accepted(TaskLane.MAIN);
        queue.close();

        assertThat(queue.offer(task(TaskLane.MAIN))).isEqualTo(CLOSED);
        assertThat(queue.enter(task(TaskLane.DIRECT), 0)).isFalse();
        assertThat(queue.isOver()).isFalse();
        assertThat(take()).isSameAs(last);
        assertThat(queue.workers().take(seatOf(last))).isNull();
        assertThat(queue.isOver()).isTrue();
        assertThat(drained).hasValue(1);
    }

    @Test
    void a_closed_queue_is_not_over_while_a_task_is_in_back_off_or_runs() {
        QueuedTask<?, ?> retried = taken(TaskLane.MAIN);
        QueuedTask<?, ?> direct = task(TaskLane.DIRECT);
        queue.enter(direct, 0);
        queue.retry(retried, seatOf(retried), BACKOFF, 0);
        queue.close();

        queue.leave(direct);
        assertThat(queue.isOver()).isFalse();
        timer.advance(BACKOFF);
        queue.workers().leave(seatOf(take()));
        assertThat(queue.isOver()).isTrue();
        assertThat(drained).hasValue(1);
    }

    @Test
    void a_task_that_was_cancelled_and_is_put_back_may_be_the_last() {
        QueuedTask<?, ?> cancelled = taken(TaskLane.MAIN);
        queue.close();
        cancelled.cancel(true);

        queue.workers().requeue(seatOf(cancelled));

        assertThat(queue.isOver()).isTrue();
        assertThat(drained).hasValue(1);
    }

    @Test
    void a_kill_lists_every_task_that_has_no_answer() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        QueuedTask<?, ?> inBackoff = taken(TaskLane.MAIN);
        queue.retry(inBackoff, seatOf(inBackoff), BACKOFF, 0);
        QueuedTask<?, ?> direct = task(TaskLane.DIRECT);
        queue.enter(direct, 0);
        QueuedTask<?, ?> main = accepted(TaskLane.MAIN);
        QueuedTask<?, ?> priority = accepted(TaskLane.PRIORITY);

        assertThat(kill()).containsExactlyInAnyOrder(running, inBackoff, direct, main, priority);
        assertThat(queue.isOver()).isTrue();
        assertThat(queue.workers().take(seat())).isNull();
        assertThat(queue.retry(running, seatOf(running), Duration.ZERO, 0)).isFalse();
    }

    @Test
    void a_caller_that_waits_for_room_gets_the_first_place() throws Exception {
        for (int i = 0; i < 3; i++) {
            accepted(TaskLane.MAIN);
        }
        CompletableFuture<Admission> waiting = putWhenFull(task(TaskLane.MAIN));

        take();

        assertThat(waiting.get()).isEqualTo(ACCEPTED);
    }

    @Test
    void a_caller_that_waits_for_room_is_refused_when_it_closes() throws Exception {
        for (int i = 0; i < 3; i++) {
            accepted(TaskLane.MAIN);
        }
        CompletableFuture<Admission> waiting = putWhenFull(task(TaskLane.MAIN));

        queue.close();

        assertThat(waiting.get()).isEqualTo(CLOSED);
    }

    @Test
    void a_full_lane_is_waited_for_no_longer_than_asked() throws Exception {
        for (int i = 0; i < 3; i++) {
            accepted(TaskLane.MAIN);
        }

        assertThat(queue.put(task(TaskLane.MAIN), Duration.ofMillis(5))).isEqualTo(FULL);
    }

    @Test
    void a_retiring_worker_passes_on_the_signal_that_woke_it() throws Exception {
        AtomicBoolean retire = new AtomicBoolean();
        CompletableFuture<QueuedTask<?, ?>> first = takeWhenEmpty(retire::get);
        CompletableFuture<QueuedTask<?, ?>> second = takeWhenEmpty(() -> false);

        retire.set(true);
        QueuedTask<?, ?> task = accepted(TaskLane.MAIN);

        assertThat(second.get()).isSameAs(task);
        queue.workers().wakeAll();
        assertThat(first.get()).isNull();
    }

    @Test
    void a_task_without_a_name_is_numbered_when_somebody_asks() {
        QueuedTask<?, ?> first = accepted(TaskLane.MAIN);

        assertThat(accepted(TaskLane.PRIORITY).name()).isEqualTo("task-1");
        assertThat(first.name()).isEqualTo("task-2");
        assertThat(first.name()).isEqualTo("task-2");
        QueuedTask<Object, Object> named = new QueuedTask<>(
                new TaskTerms(
                        queue, TaskLane.MAIN, TaskOptions.builder().name("mine").build(), 0, TimeLimits.NONE),
                (context, resource) -> "",
                null);
        assertThat(named.name()).isEqualTo("mine");
    }

    @Test
    void arrivals_and_rejections_are_recorded() {
        accepted(TaskLane.MAIN);
        queue.enter(task(TaskLane.DIRECT), 0);

        queue.countArrivals();
        TaskMetrics metrics = collector.metrics();
        assertThat(metrics.totalTasksArrived()).isEqualTo(2);
        assertThat(queue.counts().accepted()).isEqualTo(1); // what scaling sees
    }

    @Test
    void an_arrival_is_counted_before_a_worker_has_the_task() {
        taken(TaskLane.MAIN);

        assertThat(collector.metrics().totalTasksArrived()).isEqualTo(1);
    }

    /** However long it waits until somebody takes it into its lane. */
    @Test
    void an_arrival_is_dated_when_the_task_was_accepted() {
        accepted(TaskLane.MAIN);
        accepted(TaskLane.PRIORITY);
        timer.advance(Duration.ofMinutes(1)); // out of the window
        accepted(TaskLane.MAIN);

        queue.countArrivals();
        assertThat(collector.metrics().totalTasksArrived()).isEqualTo(3);
        assertThat(collector.metrics().taskArrivalRate()).isCloseTo(1 / 10d, withinPercentage(5));
    }

    /** Here the time is too long for the test's timer; elsewhere there may be no thread for that. */
    @Test
    void a_task_whose_limit_can_not_be_timed_has_not_arrived() {
        QueuedTask<?, ?> task = new QueuedTask<>(
                new TaskTerms(
                        queue,
                        TaskLane.MAIN,
                        TaskOptions.builder().build(),
                        0,
                        new TimeLimits(Duration.ofSeconds(Long.MAX_VALUE), null, null, 0)),
                (context, resource) -> "",
                null);

        assertThatThrownBy(() -> queue.offer(task)).isInstanceOf(ArithmeticException.class);
        queue.countArrivals();
        assertThat(collector.metrics().totalTasksArrived()).isZero();
        assertThat(queue.counts().main()).isZero();
    }

    @Test
    void a_direct_task_runs_from_its_entry_until_it_leaves() {
        QueuedTask<?, ?> direct = task(TaskLane.DIRECT);

        assertThat(queue.enter(direct, 0)).isTrue();
        assertThat(direct.name()).isEqualTo("task-1");
        assertThat(queue.running()).hasSize(1);
        queue.leave(direct);
        assertThat(queue.running()).isEmpty();
    }

    @Test
    void an_abandoned_task_is_not_waited_for_and_runs_until_it_returns() {
        taken(TaskLane.MAIN);
        QueuedTask<?, ?> stuck = taken(TaskLane.MAIN);
        queue.enter(task(TaskLane.DIRECT), 0);
        assertThat(queue.running()).hasSize(3);

        queue.workers().abandon(seatOf(stuck), stuck);

        assertThat(queue.running()).hasSize(3);
        assertThat(queue.counts().busyWorkers()).isEqualTo(1);
        queue.workers().returned(stuck);
        assertThat(queue.running()).hasSize(2);
    }

    @Test
    void a_closed_queue_is_drained_once_the_last_task_was_abandoned() {
        QueuedTask<?, ?> stuck = taken(TaskLane.MAIN);
        queue.close();

        queue.workers().abandon(seatOf(stuck), stuck);

        assertThat(queue.isOver()).isTrue();
        assertThat(drained).hasValue(1);
    }

    @Test
    void an_empty_queue_is_drained_when_it_closes_and_once() {
        queue.close();
        queue.close();

        assertThat(drained).hasValue(1);
        assertThat(queue.isOver()).isTrue();
    }

    @Test
    void a_closed_queue_is_drained_when_its_last_task_leaves_or_is_cancelled() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        QueuedTask<?, ?> waiting = accepted(TaskLane.MAIN);
        queue.close();

        queue.workers().leave(seatOf(running));
        assertThat(drained).hasValue(0);
        waiting.cancel(false);
        assertThat(drained).hasValue(1);
    }

    @Test
    void a_kill_alone_refuses_new_tasks_and_ends_idle_workers() throws Exception {
        CompletableFuture<QueuedTask<?, ?>> idle = takeWhenEmpty(() -> false);
        kill();

        assertThat(idle.get()).isNull();
        assertThat(queue.offer(task(TaskLane.MAIN))).isEqualTo(CLOSED);
    }

    @Test
    void a_kill_ends_idle_workers_while_a_task_still_runs() throws Exception {
        taken(TaskLane.MAIN);
        CompletableFuture<QueuedTask<?, ?>> idle = takeWhenEmpty(() -> false);

        kill();

        assertThat(idle.get()).isNull();
    }

    @Test
    void a_retry_is_refused_after_a_kill_though_its_task_has_not_been_told_yet() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        kill();

        assertThat(queue.retry(running, seatOf(running), Duration.ZERO, 0)).isFalse();
        assertThat(queue.counts().retrying()).isZero();
    }

    @Test
    void a_caller_that_waits_for_room_in_the_priority_lane_is_refused_when_it_closes() throws Exception {
        accepted(TaskLane.PRIORITY);
        accepted(TaskLane.PRIORITY);
        CompletableFuture<Admission> waiting = putWhenFull(task(TaskLane.PRIORITY));

        queue.close();

        assertThat(waiting.get()).isEqualTo(CLOSED);
    }

    @Test
    void a_main_task_gets_through_after_as_many_priority_tasks_as_the_limit_says() {
        TaskQueue fair = new TaskQueue(
                "test",
                new Object(),
                9,
                9,
                2,
                timer,
                Runnable::run,
                new Ledger(collector, null, null, new Guard(new SystemLogger("test"))),
                drained::incrementAndGet);
        StringBuilder order = new StringBuilder();
        offer(fair, TaskLane.MAIN, 2);
        offer(fair, TaskLane.PRIORITY, 5);

        for (int i = 0; i < 7; i++) {
            order.append(fair.workers()
                    .take(seat(fair, () -> false))
                    .submittedTo()
                    .name()
                    .charAt(0));
        }
        assertThat(order).hasToString("PPMPPMP");

        // With nothing to let through, the streak goes on.
        offer(fair, TaskLane.PRIORITY, 3);
        for (int i = 0; i < 2; i++) {
            assertThat(fair.workers().take(seat(fair, () -> false)).submittedTo())
                    .isEqualTo(TaskLane.PRIORITY);
        }
        offer(fair, TaskLane.MAIN, 1);
        assertThat(fair.workers().take(seat(fair, () -> false)).submittedTo()).isEqualTo(TaskLane.MAIN);
    }

    private void offer(TaskQueue to, TaskLane lane, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(to.offer(new QueuedTask<>(
                            new TaskTerms(to, lane, TaskOptions.builder().build(), 0, TimeLimits.NONE),
                            (context, resource) -> "",
                            null)))
                    .isEqualTo(ACCEPTED);
        }
    }

    private QueuedTask<Object, Object> task(TaskLane lane) {
        return new QueuedTask<>(
                new TaskTerms(queue, lane, TaskOptions.builder().build(), 3, TimeLimits.NONE),
                (context, resource) -> "",
                null);
    }

    private QueuedTask<?, ?> accepted(TaskLane lane) {
        QueuedTask<?, ?> task = task(lane);
        assertThat(queue.offer(task)).isEqualTo(ACCEPTED);
        return task;
    }

    private QueuedTask<?, ?> taken(TaskLane lane) {
        accepted(lane);
        return take();
    }

    private QueuedTask<?, ?> take() {
        QueuedTask<?, ?> task = takeUnstarted();
        assertThat(task).isNotNull();
        task.waiting2running(new NoAttempt(), timer.nanos());
        return task;
    }

    private QueuedTask<?, ?> takeUnstarted() {
        WorkerSlot seat = seat();
        QueuedTask<?, ?> task = queue.workers().take(seat);
        seats.put(task, seat);
        return task;
    }

    private WorkerSlot seatOf(QueuedTask<?, ?> task) {
        return seats.get(task);
    }

    private List<QueuedTask<?, ?>> takeAll(int count) {
        List<QueuedTask<?, ?>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(take());
        }
        return tasks;
    }

    private CompletableFuture<Admission> putWhenFull(QueuedTask<?, ?> task) {
        return inThreadSeenWaiting(() -> queue.put(task, null));
    }

    private CompletableFuture<QueuedTask<?, ?>> takeWhenEmpty(BooleanSupplier retire) {
        return inThreadSeenWaiting(() -> queue.workers().take(seat(queue, retire)));
    }

    private static <T> CompletableFuture<T> inThreadSeenWaiting(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        Awaitility.await()
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return result;
    }

    private WorkerSlot seat() {
        return seat(queue, () -> false);
    }

    private static WorkerSlot seat(TaskQueue queue, BooleanSupplier retire) {
        return new WorkerSlot() {
            @Override
            protected boolean hasOtherWork() {
                return retire.getAsBoolean();
            }
        };
    }

    private static final class NoAttempt implements Attempt {
        @Override
        public Runnable cancel(boolean interrupt) {
            return () -> {};
        }
    }

    private List<QueuedTask<?, ?>> kill() {
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>();
        queue.kill(unanswered);
        return unanswered;
    }

    /** Else the list that is made next time would have all but the task whose retry was refused meanwhile. */
    @Test
    void a_kill_that_finds_no_memory_for_its_list_refuses_no_retry_yet() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>() {
            @Override
            public boolean add(QueuedTask<?, ?> task) {
                throw new OutOfMemoryError();
            }
        };

        assertThatThrownBy(() -> queue.kill(unanswered)).isInstanceOf(OutOfMemoryError.class);

        assertThat(queue.retry(running, seatOf(running), Duration.ZERO, 0)).isTrue();
        assertThat(kill()).containsExactly(running);
    }

    @Test
    void a_kill_that_is_made_again_keeps_what_the_first_has_found() {
        QueuedTask<?, ?> running = taken(TaskLane.MAIN);
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>();
        queue.kill(unanswered);
        assertThat(queue.retry(running, seatOf(running), Duration.ZERO, 0)).isFalse();
        queue.workers().leave(seatOf(running));

        queue.kill(unanswered);

        assertThat(unanswered).containsExactly(running);
    }
}

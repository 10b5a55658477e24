package io.taskmanager.engine.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taskmanager.Backoff;
import io.taskmanager.ResourceFactory;
import io.taskmanager.TaskCancelledException;
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
import io.taskmanager.engine.support.SystemLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The canceller and the thread of the attempt, in each order. */
class AttemptContextTest {

    private final ManualTimer timer = new ManualTimer();
    private final AtomicInteger stuck = new AtomicInteger();
    private final Guard guard = new Guard(new SystemLogger("test"));
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
            new SystemLogger("test"),
            guard,
            timer);
    private final TaskRunner<Object> runner = new TaskRunner<>(
            new AttemptRules<>(
                    new ErrorClassifier<>((error, resource) -> true, null, resources),
                    resources,
                    new SystemLogger("test"),
                    guard,
                    timer,
                    Duration.ofSeconds(10)),
            task -> stuck.incrementAndGet(),
            () -> {});
    private final AttemptContext context = new AttemptContext(
            runner,
            new QueuedTask<Object, Object>(
                    new TaskTerms(
                            queue,
                            TaskLane.MAIN,
                            TaskOptions.builder().name("sample").build(),
                            0,
                            TimeLimits.NONE),
                    (context, resource) -> "",
                    null),
            2,
            Thread.currentThread(),
            false,
            null);

    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void tells_what_it_is() {
        assertThat(context.attempt()).isEqualTo(2);
        assertThat(context.taskName()).isEqualTo("sample");
        assertThat(context.managerName()).isEqualTo("test");
        assertThat(context.deadline()).isEmpty();
    }

    @Test
    void a_cancel_is_seen_and_interrupts_if_asked_to() {
        context.throwIfCancelled();
        context.cancel(true).run();

        assertThat(context.isCancelled()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(context::throwIfCancelled)
                .isInstanceOf(TaskCancelledException.class)
                .hasMessage("task \"sample\" of manager \"test\" was cancelled during attempt 2");
        assertThat(context.end()).isTrue();
    }

    @Test
    void a_gentle_cancel_does_not_interrupt() {
        context.cancel(false).run();

        assertThat(context.isCancelled()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(context.end()).isFalse();
    }

    @Test
    void a_cancel_after_the_end_reaches_nobody() {
        List<String> ran = new ArrayList<>();
        context.onCancel(() -> ran.add("action"));
        context.end();

        context.cancel(true).run();

        assertThat(context.isCancelled()).isFalse();
        assertThat(ran).isEmpty();
    }

    @Test
    void actions_run_once_in_order_and_later_ones_at_once() {
        List<String> ran = new ArrayList<>();
        context.onCancel(() -> ran.add("first"));
        context.onCancel(() -> {
            throw new IllegalStateException("an action that throws");
        });
        context.onCancel(() -> ran.add("third"));

        context.cancel(false).run();
        context.cancel(false).run();
        context.onCancel(() -> ran.add("late"));

        assertThat(ran).containsExactly("first", "third", "late");
    }

    /** The action may use the task's resource, so the next task must not have it yet. */
    @Test
    void the_end_waits_for_an_action_under_way() throws InterruptedException {
        CountDownLatch actionRuns = new CountDownLatch(1);
        CountDownLatch letActionEnd = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        context.onCancel(() -> {
            actionRuns.countDown();
            awaitUninterruptibly(letActionEnd);
            order.add("action");
        });
        Thread canceller = new Thread(() -> context.cancel(false).run());
        canceller.start();
        actionRuns.await();
        Thread ender = new Thread(() -> {
            context.end();
            order.add("end");
        });
        ender.start();
        Awaitility.await().until(() -> ender.getState() == Thread.State.WAITING);

        letActionEnd.countDown();
        canceller.join();
        ender.join();

        assertThat(order).containsExactly("action", "end");
    }

    /** Whoever interrupts while the end waits means the thread, and is not forgotten. */
    @Test
    void an_interrupt_that_meets_the_waiting_end_stays() throws InterruptedException {
        CountDownLatch actionRuns = new CountDownLatch(1);
        CountDownLatch letActionEnd = new CountDownLatch(1);
        AtomicInteger interrupted = new AtomicInteger();
        context.onCancel(() -> {
            actionRuns.countDown();
            awaitUninterruptibly(letActionEnd);
        });
        Thread canceller = new Thread(() -> context.cancel(false).run());
        canceller.start();
        actionRuns.await();
        Thread ender = new Thread(() -> {
            context.end();
            interrupted.set(Thread.currentThread().isInterrupted() ? 1 : -1);
        });
        ender.start();
        Awaitility.await().until(() -> ender.getState() == Thread.State.WAITING);

        ender.interrupt();
        Awaitility.await().until(() -> !ender.isInterrupted() && ender.getState() == Thread.State.WAITING);
        letActionEnd.countDown();
        canceller.join();
        ender.join();

        assertThat(interrupted).hasValue(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void an_interrupt_ignored_for_the_grace_is_told_once() {
        context.cancel(true).run();
        timer.advance(Duration.ofMillis(9_999));
        assertThat(stuck).hasValue(0);

        timer.advance(Duration.ofMillis(1));

        assertThat(stuck).hasValue(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void an_interrupt_heeded_in_time_is_not_told() {
        context.cancel(true).run();
        context.end();

        assertThat(timer.pending()).isZero();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_gentle_cancel_is_never_called_stuck_until_an_interrupt_follows() {
        context.cancel(false).run();
        assertThat(timer.pending()).isZero();

        context.cancel(true).run();

        assertThat(timer.pending()).isEqualTo(1);
        assertThat(Thread.interrupted()).isTrue();
    }
}

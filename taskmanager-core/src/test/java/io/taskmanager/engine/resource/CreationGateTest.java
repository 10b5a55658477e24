package io.taskmanager.engine.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.engine.resource.CreationGate.Failure;
import io.taskmanager.engine.resource.CreationGate.Outlook;
import io.taskmanager.engine.resource.CreationGate.Ticket;
import io.taskmanager.engine.support.ManualTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A broken factory is not stormed: one canary at a time, each after a longer back-off. */
class CreationGateTest {

    private static final long AT_ONCE = 0;
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));

    private final ManualTimer timer = new ManualTimer();
    private final CreationGate gate = new CreationGate(BACKOFF, timer);

    @Test
    void lets_any_number_through_while_they_succeed() throws Exception {
        Ticket first = enter();
        enter();
        gate.succeeded(first);

        assertThat(enter()).isNotNull();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void closes_for_a_back_off_after_a_failure() throws Exception {
        Duration pause = fail(enter());

        assertThat(pause).isBetween(Duration.ofMillis(80), Duration.ofMillis(120));
        assertThat(gate.isOutage()).isTrue();
        assertThat(enter()).isNull();
        timer.advance(pause.minusNanos(1));
        assertThat(enter()).isNull();
        timer.advance(Duration.ofNanos(1));
        assertThat(enter()).isNotNull();
    }

    @Test
    void the_back_off_is_the_one_that_was_set() throws Exception {
        CreationGate own = new CreationGate(new Backoff(Duration.ofSeconds(7), 1, Duration.ofSeconds(7), 0), timer);
        Ticket ticket = new Ticket();
        own.enter(ticket, () -> false, AT_ONCE);

        assertThat(own.failed(ticket, true).pause()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void an_outage_lasts_while_creations_are_held_back_or_tried() throws Exception {
        Duration pause = fail(enter());
        assertThat(gate.isOutage()).isTrue();
        Waiter canary = new Waiter();
        timer.advance(pause);
        assertThat(canary.entered()).isTrue();
        assertThat(gate.isOutage()).isTrue();
        Waiter next = new Waiter();
        timer.advance(fail(canary.ticket));

        assertThat(gate.isOutage()).isTrue();
        assertThat(next.entered()).isTrue();
        gate.succeeded(next.ticket);
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void an_outage_does_not_outlast_the_back_off_when_nobody_wants_a_resource() throws Exception {
        Duration pause = fail(enter());
        Waiter waiter = new Waiter();
        waiter.giveUp.set(true);
        gate.wake();
        assertThat(waiter.entered()).isFalse();
        assertThat(gate.isOutage()).isTrue();

        timer.advance(pause);

        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void lets_one_canary_through_at_a_time() throws Exception {
        timer.advance(fail(enter()));

        assertThat(enter()).isNotNull();
        assertThat(enter()).isNull();
    }

    @Test
    void a_creation_begun_before_the_outage_holds_no_canary_up() throws Exception {
        Ticket hangs = enter();
        timer.advance(fail(enter()));

        Ticket canary = enter();

        assertThat(canary).isNotNull();
        gate.succeeded(canary);
        assertThat(enter()).isNotNull();
        gate.succeeded(hangs);
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void a_success_of_one_begun_before_the_outage_opens_it() throws Exception {
        Ticket early = enter();
        fail(enter());

        assertThat(gate.succeeded(early)).isTrue();

        assertThat(gate.isOutage()).isFalse();
        assertThat(enter()).isNotNull();
    }

    @Test
    void a_failure_of_one_begun_before_the_outage_changes_nothing() throws Exception {
        Ticket early = enter();
        timer.advance(fail(enter()));
        Ticket canary = enter();

        assertThat(gate.failed(early, true)).isEqualTo(new Failure(false, Duration.ZERO, false));

        assertThat(fail(canary)).isBetween(Duration.ofMillis(160), Duration.ofMillis(240));
    }

    @Test
    void each_failing_canary_doubles_the_back_off_up_to_thirty_seconds() throws Exception {
        Duration pause = Duration.ZERO;
        for (int failure = 1; failure <= 12; failure++) {
            timer.advance(pause);
            pause = fail(enter());
            double plain = Math.min(100 * Math.pow(2, failure - 1.0), 30_000);
            assertThat((double) pause.toMillis()).isBetween(plain * 0.79, plain * 1.2);
        }
    }

    @Test
    void creations_that_fail_together_count_as_one_failure() throws Exception {
        Ticket first = enter();
        Ticket second = enter();
        Ticket third = enter();
        Failure failure = gate.failed(first, true);
        assertThat(failure.isFirst()).isTrue();
        assertThat(gate.failed(second, true)).isEqualTo(new Failure(false, Duration.ZERO, false));
        assertThat(gate.failed(third, true)).isEqualTo(new Failure(false, Duration.ZERO, false));

        timer.advance(failure.pause());
        assertThat(enter()).isNotNull();
    }

    @Test
    void one_success_opens_it_for_all() throws Exception {
        timer.advance(fail(enter()));
        assertThat(gate.succeeded(enter())).isTrue();

        assertThat(enter()).isNotNull();
        assertThat(enter()).isNotNull();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void one_that_ends_without_a_verdict_lets_the_next_canary_go() throws Exception {
        long first = timer.nanos();
        timer.advance(fail(enter()));
        Ticket canary = enter();

        gate.leave(canary);

        assertThat(gate.outlook()).isEqualTo(new Outlook(1, false, Duration.ZERO, first));
        assertThat(fail(enter())).isBetween(Duration.ofMillis(160), Duration.ofMillis(240));
    }

    @Test
    void what_is_told_of_a_creation_after_its_end_changes_nothing() throws Exception {
        Ticket ticket = enter();
        Duration pause = fail(ticket);

        gate.leave(ticket);
        assertThat(gate.succeeded(ticket)).isFalse();
        assertThat(gate.failed(ticket, false)).isEqualTo(new Failure(false, Duration.ZERO, false));

        assertThat(gate.outlook()).isEqualTo(new Outlook(1, false, pause, timer.nanos()));
    }

    @Test
    void whoever_waits_is_released_by_the_end_of_the_back_off() throws Exception {
        Duration pause = fail(enter());
        Waiter waiter = new Waiter();

        timer.advance(pause);

        assertThat(waiter.entered()).isTrue();
    }

    @Test
    void whoever_waits_gives_up_when_woken_to() throws Exception {
        fail(enter());
        Waiter waiter = new Waiter();

        waiter.giveUp.set(true);
        gate.wake();

        assertThat(waiter.entered()).isFalse();
    }

    @Test
    void a_probe_lets_whoever_waits_go_at_once() throws Exception {
        fail(enter());
        Waiter waiter = new Waiter();

        gate.probe();

        assertThat(waiter.entered()).isTrue();
        assertThat(enter()).isNull();
    }

    @Test
    void a_probe_passes_by_a_canary_that_hangs() throws Exception {
        timer.advance(fail(enter()));
        Ticket hangs = enter();

        gate.probe();

        Ticket canary = enter();
        assertThat(canary).isNotNull();
        assertThat(fail(hangs)).isZero();
        assertThat(enter()).isNull();
    }

    @Test
    void the_end_of_a_back_off_that_a_probe_cut_short_ends_no_later_one() throws Exception {
        Duration first = fail(enter());
        gate.probe();
        Duration second = fail(enter());

        timer.advance(first);
        assertThat(enter()).isNull();
        timer.advance(second.minus(first));
        assertThat(enter()).isNotNull();
    }

    @Test
    void nobody_creates_after_a_failure_without_cure_until_a_probe() throws Exception {
        long first = timer.nanos();
        Failure failure = gate.failed(enter(), false);
        assertThat(failure).isEqualTo(new Failure(true, Duration.ZERO, true));

        timer.advance(Duration.ofDays(1));
        assertThat(enter()).isNull();
        assertThat(gate.isOutage()).isTrue();
        assertThat(gate.outlook()).isEqualTo(new Outlook(1, true, Duration.ZERO, first));

        gate.probe();
        assertThat(gate.failed(enter(), false)).isEqualTo(new Failure(false, Duration.ZERO, true));
        assertThat(enter()).isNull();
    }

    @Test
    void a_success_opens_it_though_another_failed_without_cure() throws Exception {
        Ticket other = enter();
        gate.failed(enter(), false);

        assertThat(gate.succeeded(other)).isTrue();
        assertThat(enter()).isNotNull();
    }

    @Test
    void three_new_resources_in_a_row_that_break_in_their_first_task_count_as_a_failure() throws Exception {
        gate.succeeded(enter());
        assertThat(gate.brokeInFirstTask()).isNull();
        assertThat(gate.brokeInFirstTask()).isNull();
        Failure failure = gate.brokeInFirstTask();

        assertThat(failure).isNotNull();
        assertThat(failure.isFirst()).isTrue();
        assertThat(failure.pause()).isBetween(Duration.ofMillis(80), Duration.ofMillis(120));
        assertThat(enter()).isNull();
        assertThat(gate.isOutage()).isTrue();
    }

    @Test
    void each_more_that_breaks_doubles_the_back_off_though_its_creation_succeeded() throws Exception {
        Duration pause = breakThree();
        for (int more = 1; more <= 4; more++) {
            timer.advance(pause);
            assertThat(gate.succeeded(enter())).isFalse();
            pause = gate.brokeInFirstTask().pause();
            double plain = 100 * Math.pow(2, more);
            assertThat((double) pause.toMillis()).isBetween(plain * 0.79, plain * 1.2);
        }
    }

    @Test
    void a_creation_under_way_when_the_third_broke_opens_nothing() throws Exception {
        Ticket underWay = enter();
        breakThree();

        assertThat(gate.succeeded(underWay)).isFalse();

        assertThat(enter()).isNull();
    }

    @Test
    void after_three_that_broke_one_at_a_time_is_created_until_one_serves() throws Exception {
        timer.advance(breakThree());
        Ticket first = enter();
        assertThat(enter()).isNull();
        gate.succeeded(first);
        Ticket second = enter();
        assertThat(second).isNotNull();
        assertThat(enter()).isNull();

        assertThat(gate.servedFirstTask()).isTrue();

        assertThat(enter()).isNotNull();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void a_first_task_that_leaves_its_resource_healthy_breaks_the_row() throws Exception {
        gate.brokeInFirstTask();
        gate.brokeInFirstTask();
        assertThat(gate.servedFirstTask()).isFalse();

        assertThat(gate.brokeInFirstTask()).isNull();
        assertThat(gate.brokeInFirstTask()).isNull();
        assertThat(enter()).isNotNull();
    }

    private Duration breakThree() {
        gate.brokeInFirstTask();
        gate.brokeInFirstTask();
        return gate.brokeInFirstTask().pause();
    }

    private Duration fail(Ticket ticket) {
        return gate.failed(ticket, true).pause();
    }

    /** Null if the gate does not let it in now. */
    private Ticket enter() throws InterruptedException {
        Ticket ticket = new Ticket();
        return gate.enter(ticket, () -> false, AT_ONCE) ? ticket : null;
    }

    /** A thread that is seen waiting at the gate. */
    private final class Waiter {
        final Ticket ticket = new Ticket();
        final AtomicBoolean giveUp = new AtomicBoolean();
        private final CompletableFuture<Boolean> result = new CompletableFuture<>();

        Waiter() {
            Thread thread = new Thread(() -> {
                try {
                    result.complete(gate.enter(ticket, giveUp::get, Long.MAX_VALUE));
                } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        boolean entered() throws ExecutionException, InterruptedException {
            return result.get();
        }
    }
}

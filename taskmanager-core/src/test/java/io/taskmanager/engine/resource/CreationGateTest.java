package io.taskmanager.engine.resource;

import static org.assertj.core.api.Assertions.assertThat;

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

    private final ManualTimer timer = new ManualTimer();
    private final CreationGate gate = new CreationGate(timer);

    @Test
    void lets_any_number_through_while_they_succeed() throws Exception {
        assertThat(enterNow()).isTrue();
        assertThat(enterNow()).isTrue();
        gate.leave(true);

        assertThat(enterNow()).isTrue();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void closes_for_a_back_off_after_a_failure() throws Exception {
        enterNow();
        Duration pause = gate.leave(false);

        assertThat(pause).isBetween(Duration.ofMillis(80), Duration.ofMillis(120));
        assertThat(gate.isOutage()).isTrue();
        assertThat(enterNow()).isFalse();
        timer.advance(pause.minusNanos(1));
        assertThat(enterNow()).isFalse();
        timer.advance(Duration.ofNanos(1));
        assertThat(enterNow()).isTrue();
    }

    @Test
    void an_outage_lasts_while_creations_are_held_back_or_tried() throws Exception {
        enterNow();
        Duration pause = gate.leave(false);
        assertThat(gate.isOutage()).isTrue();
        Waiter canary = new Waiter();
        timer.advance(pause);
        assertThat(canary.entered()).isTrue();
        assertThat(gate.isOutage()).isTrue();
        Waiter next = new Waiter();
        timer.advance(gate.leave(false));

        assertThat(gate.isOutage()).isTrue();
        assertThat(next.entered()).isTrue();
        gate.leave(true);
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void an_outage_does_not_outlast_the_back_off_when_nobody_wants_a_resource() throws Exception {
        enterNow();
        Duration pause = gate.leave(false);
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
        enterNow();
        timer.advance(gate.leave(false));

        assertThat(enterNow()).isTrue();
        assertThat(enterNow()).isFalse();
    }

    @Test
    void a_canary_waits_for_creations_begun_before_the_outage() throws Exception {
        enterNow();
        enterNow();
        timer.advance(gate.leave(false));

        assertThat(enterNow()).isFalse();
        gate.leave(true);
        assertThat(enterNow()).isTrue();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void each_failing_canary_doubles_the_back_off_up_to_thirty_seconds() throws Exception {
        Duration pause = Duration.ZERO;
        for (int failure = 1; failure <= 12; failure++) {
            timer.advance(pause);
            assertThat(enterNow()).isTrue();
            pause = gate.leave(false);
            double plain = Math.min(100 * Math.pow(2, failure - 1.0), 30_000);
            assertThat((double) pause.toMillis()).isBetween(plain * 0.79, plain * 1.2);
        }
    }

    @Test
    void creations_that_fail_together_count_as_one_failure() throws Exception {
        enterNow();
        enterNow();
        enterNow();
        Duration pause = gate.leave(false);
        assertThat(gate.leave(false)).isZero();
        assertThat(gate.leave(false)).isZero();

        timer.advance(pause);
        assertThat(enterNow()).isTrue();
    }

    @Test
    void one_success_opens_it_for_all() throws Exception {
        enterNow();
        timer.advance(gate.leave(false));
        enterNow();
        gate.leave(true);

        assertThat(enterNow()).isTrue();
        assertThat(enterNow()).isTrue();
        assertThat(gate.isOutage()).isFalse();
    }

    @Test
    void whoever_waits_is_released_by_the_end_of_the_back_off() throws Exception {
        enterNow();
        Duration pause = gate.leave(false);
        Waiter waiter = new Waiter();

        timer.advance(pause);

        assertThat(waiter.entered()).isTrue();
    }

    @Test
    void whoever_waits_gives_up_when_woken_to() throws Exception {
        enterNow();
        gate.leave(false);
        Waiter waiter = new Waiter();

        waiter.giveUp.set(true);
        gate.wake();

        assertThat(waiter.entered()).isFalse();
    }

    private boolean enterNow() throws InterruptedException {
        return gate.enter(() -> false, AT_ONCE);
    }

    /** A thread that is seen waiting at the gate. */
    private final class Waiter {
        final AtomicBoolean giveUp = new AtomicBoolean();
        private final CompletableFuture<Boolean> result = new CompletableFuture<>();

        Waiter() {
            Thread thread = new Thread(() -> {
                try {
                    result.complete(gate.enter(giveUp::get, Long.MAX_VALUE));
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

package io.taskmanager.engine.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.taskmanager.engine.support.Timer.Cancellable;
import io.taskmanager.testkit.RecordingLogger;
import io.taskmanager.testkit.Sneaky;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedTimerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualTimer time = new ManualTimer();
    private final RecordingLogger logger = new RecordingLogger(false);
    private final Timer timer = new GuardedTimer(time, new Guard(logger));
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    private Runnable failingTimes(int times, Throwable error) {
        return () -> {
            if (begun.incrementAndGet() <= times) {
                throw Sneaky.rethrow(error);
            }
            done.incrementAndGet();
        };
    }

    /** JUnit would end with the error. */
    private void advance(Duration by) {
        assertThatCode(() -> time.advance(by)).doesNotThrowAnyException();
    }

    @Test
    void an_action_without_memory_is_run_again_until_it_has_some() {
        OutOfMemoryError error = new OutOfMemoryError("test");
        timer.after(SECOND, failingTimes(2, error));

        advance(SECOND);
        assertThat(done).hasValue(0);
        advance(SECOND);

        assertThat(done).hasValue(1);
        assertThat(begun).hasValue(3);
        assertThat(time.pending()).isZero();
        assertThat(logger.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.cause()).isSameAs(error));
    }

    @Test
    void one_that_is_cancelled_meanwhile_is_not() {
        Cancellable action = timer.after(SECOND, failingTimes(2, new OutOfMemoryError("test")));
        advance(SECOND);

        action.cancel();
        advance(SECOND);

        assertThat(begun).hasValue(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void a_cancelled_action_leaves_the_timer_at_once() {
        timer.after(SECOND, failingTimes(0, new Error())).cancel();

        assertThat(time.pending()).isZero();
    }

    @Test
    void an_action_waits_for_the_memory_to_wait() {
        AtomicInteger refusals = new AtomicInteger();
        Timer full = new GuardedTimer(new FullTimer(time, refusals), new Guard(logger));
        full.after(SECOND, failingTimes(1, new OutOfMemoryError("test")));
        refusals.set(3);

        advance(SECOND);
        advance(SECOND);

        assertThat(refusals).hasValue(0);
        assertThat(done).hasValue(1);
    }

    /** Has no memory for the next so many actions. */
    private record FullTimer(Timer time, AtomicInteger refusals) implements Timer {

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            if (refusals.get() > 0) {
                refusals.decrementAndGet();
                throw new OutOfMemoryError("test");
            }
            return time.after(delay, action);
        }

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public Cancellable every(Duration delay, Runnable action) {
            return time.every(delay, action);
        }

        @Override
        public void close() {
            time.close();
        }
    }

    static Stream<Throwable> others() {
        return Stream.of(new IllegalStateException("test"), new StackOverflowError("test"), new IOException("test"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void what_else_an_action_throws_is_logged(Throwable error) {
        timer.after(SECOND, failingTimes(1, error));

        advance(SECOND.multipliedBy(2));

        assertThat(begun).hasValue(1);
        assertThat(logger.hasCause(error)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("others")
    void a_throw_ends_no_ticks(Throwable error) {
        Cancellable ticks = timer.every(SECOND, failingTimes(2, error));

        advance(SECOND.multipliedBy(4));
        ticks.cancel();
        advance(SECOND);

        assertThat(begun).hasValue(4);
        assertThat(done).hasValue(2);
        assertThat(logger.lines()).hasSize(2);
    }

    @Test
    void nor_does_a_tick_without_memory() {
        timer.every(SECOND, failingTimes(1, new OutOfMemoryError("test")));

        advance(SECOND.multipliedBy(2));

        assertThat(done).hasValue(1);
    }
}

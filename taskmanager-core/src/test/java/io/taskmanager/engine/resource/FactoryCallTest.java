package io.taskmanager.engine.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.taskmanager.Backoff;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.ManualTimer;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.testkit.Await;
import io.taskmanager.testkit.Background;
import io.taskmanager.testkit.Gate;
import io.taskmanager.testkit.RecordingLogger;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timer and the thread of a call race, and neither reaches past the other. */
class FactoryCallTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final Guard guard = new Guard(new RecordingLogger(false));
    private final EventLog events = new EventLog("test", null, guard);
    private final ManualTimer timer = new ManualTimer();
    private final Gate inCall = new Gate();
    private final Gate inTimer = new Gate();

    @Test
    void the_return_waits_for_a_timeout_under_way() {
        FactoryCalls calls = calls(timer);
        Background<Boolean> call = Background.start(() -> {
            FactoryCall validation = calls.newCall(Kind.VALIDATION, null, inTimer::passIgnoringInterrupts, () -> {});
            validation.run(inCall::passIgnoringInterrupts);
            return validation.isTimedOut() && !Thread.interrupted();
        });
        inCall.awaitArrivals(1);
        Background<Boolean> timeout = Background.start(() -> {
            timer.advance(LIMIT);
            return true;
        });
        inTimer.awaitArrivals(1);

        inCall.open();
        Await.waitForThreadState(call.thread(), Thread.State.BLOCKED);
        assertThat(call.isDone()).isFalse();
        inTimer.open();

        timeout.value();
        assertThat(call.value()).isTrue();
    }

    @Test
    void a_call_is_made_though_nothing_can_watch_it() throws Exception {
        Timer broken = new Timer() {
            @Override
            public long nanos() {
                return 0;
            }

            @Override
            public Cancellable after(Duration delay, Runnable action) {
                throw new OutOfMemoryError("unable to create native thread");
            }

            @Override
            public Cancellable every(Duration delay, Runnable action) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {}
        };
        FactoryCalls calls = calls(broken);
        FactoryCall call = calls.newCall(Kind.DESTRUCTION, null, () -> {}, () -> {});

        assertThat(call.run(() -> calls.oldest().kind())).isEqualTo(Kind.DESTRUCTION);
        assertThat(calls.oldest()).isNull();
    }

    private FactoryCalls calls(Timer clock) {
        return new FactoryCalls(new FactoryLimits(LIMIT, LIMIT, LIMIT, LIMIT, Backoff.none()), events, guard, clock);
    }
}

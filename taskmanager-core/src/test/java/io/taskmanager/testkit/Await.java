package io.taskmanager.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;

/** Waits for states that other threads bring about. The bound is far beyond what a loaded machine needs. */
public final class Await {

    public static final Duration BOUND = Duration.ofSeconds(20);

    private Await() {}

    /** Waits until the condition holds; fails with {@code what} if it does not within {@link #BOUND}. */
    public static void until(String what, BooleanSupplier condition) {
        await().alias(what).until(condition::getAsBoolean);
    }

    /** Waits until the assertion passes; fails with its own message. */
    public static void untilAsserted(ThrowingRunnable assertion) {
        await().untilAsserted(assertion);
    }

    /** Waits until the thread is in one of the states. */
    public static void waitForThreadState(Thread thread, Thread.State... states) {
        until(
                thread + " in " + Arrays.toString(states),
                () -> Arrays.asList(states).contains(thread.getState()));
    }

    /** Waits until the thread is parked, with or without a bound. */
    public static void waitUntilParked(Thread thread) {
        waitForThreadState(thread, Thread.State.WAITING, Thread.State.TIMED_WAITING);
    }

    private static ConditionFactory await() {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(BOUND);
    }
}

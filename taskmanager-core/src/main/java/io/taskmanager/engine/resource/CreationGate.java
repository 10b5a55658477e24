package io.taskmanager.engine.resource;

import io.taskmanager.Backoff;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Lets creations through: any number at a time while they succeed; after a failure one at a time, the canary, each after
 * a back-off, until one succeeds. So a broken factory is not stormed.
 *
 * <pre>
 * OPEN     (failures = 0)               -> COOLING   a creation failed
 * COOLING  (failures > 0, cooling)      -> PROBING   the back-off is over
 * PROBING  (failures > 0, not cooling)  -> COOLING   the canary failed
 * any                                   -> OPEN      a creation succeeded, the canary or one begun before the outage
 * </pre>
 */
final class CreationGate {

    static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));

    private final Timer timer;
    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when a creation ends, a back-off is over, or the waiters must ask again whether to give up. */
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private int failures;
    private int underWay;
    private int waiting;
    private boolean cooling;

    CreationGate(Timer timer) {
        this.timer = timer;
    }

    /**
     * Waits for the right to create, at most {@code nanos}. Whoever gets it calls {@link #leave} after.
     *
     * @param giveUp asked whenever something changed, with this gate locked; must take no lock that is held around a
     *     call of this class
     */
    boolean enter(BooleanSupplier giveUp, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!giveUp.getAsBoolean()) {
                if (failures == 0 || (underWay == 0 && !cooling)) {
                    underWay++;
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                waiting++;
                try {
                    left = changed.awaitNanos(left);
                } finally {
                    waiting--;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a creation; says how long the back-off is that follows, zero after a success. */
    Duration leave(boolean success) {
        lock.lock();
        try {
            underWay--;
            Duration pause = success ? open() : coolDown();
            changed.signalAll();
            return pause;
        } finally {
            lock.unlock();
        }
    }

    /** Has the waiters ask again whether to give up. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a creation would be let through now, without a wait. */
    boolean admitsNow() {
        lock.lock();
        try {
            return failures == 0 || (underWay == 0 && !cooling);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether creations fail: the last one did, and the next is held back, waited for or under way. When the back-off is
     * over and nobody wants a resource, nobody can tell; whoever asks for one next finds out.
     */
    boolean isOutage() {
        lock.lock();
        try {
            return failures > 0 && (cooling || waiting > 0 || underWay > 0);
        } finally {
            lock.unlock();
        }
    }

    private Duration open() {
        failures = 0;
        cooling = false;
        return Duration.ZERO;
    }

    /** Several creations that were under way together and fail together count as one failure. */
    private Duration coolDown() {
        if (cooling) {
            return Duration.ZERO;
        }
        failures++;
        cooling = true;
        Duration pause = BACKOFF.delay(failures, ThreadLocalRandom.current().nextDouble());
        timer.after(pause, this::probe);
        return pause;
    }

    /** Harmless when a success has opened the gate since, or a later failure cools longer: the canary goes early. */
    private void probe() {
        lock.lock();
        try {
            cooling = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits that go on through an interrupt and keep it in the thread's status. */
public final class Waits {

    private Waits() {}

    /** Waits until a condition holds or the time has passed; says whether it holds. */
    public static boolean uninterruptibly(Duration timeout, TimedWait wait) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos(timeout);
        try {
            while (true) {
                try {
                    return wait.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@code toNanos}; a duration that is too long for that is as long as fits. */
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /** A wait with a bound, such as {@code CountDownLatch.await}. */
    @FunctionalInterface
    public interface TimedWait {
        boolean await(long timeout, TimeUnit unit) throws InterruptedException;
    }
}

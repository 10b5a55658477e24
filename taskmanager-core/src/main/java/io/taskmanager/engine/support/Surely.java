package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Steps that end what has begun (a claim, a count, an answer), and that nobody repeats: where there is no memory for one, it is
 * tried again until there is. What a full heap makes late is not lost.
 */
public final class Surely {

    private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

    private Surely() {}

    /**
     * Locks. Up to JDK 20, a contended {@link ReentrantLock} needs memory for its queue, and throws where there is none: a
     * thread that locks in order to release something must not be stopped by that.
     */
    public static void lock(ReentrantLock lock) {
        while (true) {
            try {
                lock.lock();
                return;
            } catch (OutOfMemoryError e) {
                pause();
            }
        }
    }

    /** Runs a step that may be run again where it was cut short. */
    public static void run(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (OutOfMemoryError e) {
                pause();
            }
        }
    }

    /** Gets the result of a step that may be run again where it was cut short. */
    public static <T> T get(Supplier<T> step) {
        while (true) {
            try {
                return step.get();
            } catch (OutOfMemoryError e) {
                pause();
            }
        }
    }

    /** Lets others run, which may need less memory soon. An interrupt is kept. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }
}

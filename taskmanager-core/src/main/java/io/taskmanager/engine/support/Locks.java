package io.taskmanager.engine.support;

import java.util.concurrent.locks.ReentrantLock;

/** How to lock where there may be no memory. */
public final class Locks {

    private Locks() {}

    /**
     * Locks, whatever it takes; for code that releases something, which would be lost otherwise. A lock that is contended
     * wants memory to queue the thread, and up to Java 20 throws where there is none.
     */
    public static void lockSurely(ReentrantLock lock) {
        while (true) {
            try {
                lock.lock();
                return;
            } catch (OutOfMemoryError e) {
                Thread.yield();
            }
        }
    }
}

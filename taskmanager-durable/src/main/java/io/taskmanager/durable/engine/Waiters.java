package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Those who wait on this node for the end of a task. */
public final class Waiters {

    /** By task; guarded by this. */
    private final Map<TaskId, Waiter> waiters = new HashMap<>();

    private static final class Waiter {
        int threads;
        long ends;
    }

    /** Something has become of the task, here. */
    synchronized void ended(TaskId id) {
        Waiter waiter = waiters.get(id);
        if (waiter != null) {
            waiter.ends++;
            notifyAll();
        }
    }

    /** How often the task has ended here since the caller began to wait. */
    synchronized long begin(TaskId id) {
        Waiter waiter = waiters.computeIfAbsent(id, key -> new Waiter());
        waiter.threads++;
        return waiter.ends;
    }

    synchronized void end(TaskId id) {
        Waiter waiter = waiters.get(id);
        if (waiter != null && --waiter.threads == 0) {
            waiters.remove(id);
        }
    }

    /** Waits until it has ended more often than that, or for as long. */
    synchronized long await(TaskId id, long ends, Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        Waiter waiter = waiters.get(id);
        while (waiter != null && waiter.ends == ends) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                break;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return waiter == null ? ends : waiter.ends;
    }
}

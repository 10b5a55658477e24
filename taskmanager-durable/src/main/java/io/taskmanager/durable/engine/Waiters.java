package io.taskmanager.durable.engine;

import io.taskmanager.durable.TaskId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Those who wait on this node: for the end of a task, which has a monitor of its own, so that its end wakes nobody else; and the node, for
 * something to run.
 */
public final class Waiters {

    private final Map<TaskId, Waiter> waiters = new ConcurrentHashMap<>();

    private volatile Consumer<String> onQueued = type -> {};

    /** All who wait for one task. */
    private static final class Waiter {

        /** Changed within the map's look at this task. */
        int threads;

        /** Guarded by this. */
        long ends;

        synchronized void ended() {
            ends++;
            notifyAll();
        }

        synchronized long ends() {
            return ends;
        }

        synchronized long await(long known, Duration timeout) throws InterruptedException {
            long until = System.nanoTime() + timeout.toNanos();
            while (ends == known) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return ends;
        }
    }

    /** Is told the type of what can be seen now. */
    void onQueued(Consumer<String> listener) {
        this.onQueued = listener;
    }

    void queued(String type) {
        onQueued.accept(type);
    }

    /** Something has become of the task, here. */
    void ended(TaskId id) {
        Waiter waiter = waiters.get(id);
        if (waiter != null) {
            waiter.ended();
        }
    }

    /** Each is followed by an {@link #end}. Returns how often the task has ended here while somebody waited. */
    long begin(TaskId id) {
        return waiters.compute(id, (key, present) -> {
                    Waiter waiter = present == null ? new Waiter() : present;
                    waiter.threads++;
                    return waiter;
                })
                .ends();
    }

    void end(TaskId id) {
        waiters.computeIfPresent(id, (key, waiter) -> --waiter.threads == 0 ? null : waiter);
    }

    /** Waits until it has ended more often than that, or for as long; between a begin and its end. */
    long await(TaskId id, long ends, Duration timeout) throws InterruptedException {
        Waiter waiter = waiters.get(id);
        return waiter == null ? ends : waiter.await(ends, timeout);
    }
}

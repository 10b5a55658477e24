package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Surely;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Brings the tasks that wait and the workers that are idle together: one lock guards both, and whoever leaves it has seen to
 * it that a worker is woken where a task waits for one.
 */
final class Dispatcher {

    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock, but for what they say can be asked without.
    final WaitingLanes waiting;
    final IdleWorkers idle = new IdleWorkers();

    /**
     * The worker that was woken for a task and searches for it. Meanwhile no other is woken: it will wake the next, if there is
     * more. So whoever submits many tasks in a row pays for one wake-up.
     */
    private @Nullable WorkerSlot searching;

    /** Whether whoever submits the next task is to wake a worker. Written under lock; read without it by those who submit. */
    private volatile boolean wakesOnArrival;
    /** Whether a task waits in a lane. Written under lock; read without it by those who claim and release a worker. */
    private volatile boolean hasWaiting;
    /** Written under lock; read without it by those who claim a worker. */
    private volatile boolean paused;

    private long pausedSinceNanos;

    Dispatcher(int mainCapacity, int priorityCapacity, int priorityBurstLimit, Ledger ledger) {
        this.waiting = new WaitingLanes(mainCapacity, priorityCapacity, priorityBurstLimit, lock, ledger);
    }

    void lock() {
        // What is done under it takes less time than to put a thread to sleep: look again a few times before that.
        for (int i = 0; !lock.tryLock(); i++) {
            if (i == SPINS) {
                Surely.lock(lock);
                break;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Unlocks. Where a task waits and a worker is idle, one has been woken after this; where none waits, whoever submits the
     * next one is told to wake one.
     *
     * <p>A task that arrives just now, by one who was not told yet, would wait for another to come: so this tells first, and
     * then looks whether a task has arrived.
     */
    void release() {
        try {
            boolean isFree = !paused && searching == null && !idle.isEmpty();
            if (isFree && waiting.isEmpty() && !wakesOnArrival) {
                wakesOnArrival = true;
            }
            boolean hasTasks = waiting.hasTasks();
            if (hasWaiting != hasTasks) {
                hasWaiting = hasTasks; // before the look for one that is parked: who releases one looks at this after
            }
            if (isFree && hasTasks) {
                searching = idle.wakeOne();
                isFree = false;
            }
            if (!isFree && wakesOnArrival) {
                wakesOnArrival = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets a task arrive without the lock; false if that needs a closer look. */
    boolean arrives(QueuedTask<?, ?> task) {
        // A limit of its time begins under the lock, in the order of the lane.
        boolean accepted = !task.hasLimits() && waiting.of(task).offer(task);
        if (accepted && wakesOnArrival) {
            lock();
            release(); // wakes a worker
        }
        return accepted;
    }

    /** Whether a task waits. By any thread, without the lock. */
    boolean isTaskWaiting() {
        return hasWaiting || waiting.hasArrivals();
    }

    /** The task that comes next; null if there is none, or this is paused. Under lock. */
    @Nullable
    QueuedTask<?, ?> poll() {
        return paused ? null : waiting.poll();
    }

    /** Looks for an arrival for about as long as it takes to wake a thread. Without the lock. */
    void search() {
        for (int i = 0; i < SPINS && !waiting.hasArrivals(); i++) {
            Thread.onSpinWait();
        }
    }

    /** A worker that may have been woken for a task looks at the lanes now. Under lock. */
    void searched(WorkerSlot slot) {
        if (searching == slot) {
            searching = null;
        }
    }

    /** Whether workers are to take no task. By any thread. */
    boolean isPaused() {
        return paused;
    }

    /** Since when that is so; empty if it is not. Under lock. */
    OptionalLong pausedSince() {
        return paused ? OptionalLong.of(pausedSinceNanos) : OptionalLong.empty();
    }

    /** Under lock. */
    void pause(long nowNanos) {
        if (!paused) {
            pausedSinceNanos = nowNanos;
        }
        paused = true;
    }

    /** Under lock. */
    void resume() {
        paused = false;
        idle.wakeAll();
    }
}

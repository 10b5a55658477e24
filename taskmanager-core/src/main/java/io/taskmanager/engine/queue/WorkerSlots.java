package io.taskmanager.engine.queue;

import io.taskmanager.engine.support.AdaptiveYield;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a {@link TaskQueue}: each takes one task after the other, parks while there is none, and is then anybody's
 * to claim who wants to run a task at once.
 */
public final class WorkerSlots {

    private static final int HINTS = 16;

    private final Dispatcher dispatcher;
    private final PendingTasks pending;
    private final IdleWorkers idle;

    /** The worker that a thread with such a number has claimed last: its next claim needs no lock. Racy; only a hint. */
    private final @Nullable WorkerSlot[] lastClaimed = new WorkerSlot[HINTS];

    /** For a worker that a caller has claimed, and may release at once. */
    private final AdaptiveYield lent = new AdaptiveYield();

    WorkerSlots(Dispatcher dispatcher, PendingTasks pending) {
        this.dispatcher = dispatcher;
        this.pending = pending;
        this.idle = dispatcher.idle;
    }

    // -- a worker takes a task, and leaves it ----------------------------------------------------------------------

    /**
     * Takes the next task for a worker, and ends the one that it has run, if any. Waits for one.
     *
     * @param slot the worker's, which waits until it has another thing to do
     * @return null if the worker has another thing to do, or no task is left and none will come
     */
    public @Nullable QueuedTask<?, ?> take(WorkerSlot slot) {
        dispatcher.lock();
        try {
            pending.list(slot);
            wakeItself(slot);
            pending.finish(slot);
            return awaitNext(slot);
        } finally {
            dispatcher.release();
        }
    }

    /** An Error may have ended its last wait, and a caller may have claimed it. */
    private void wakeItself(WorkerSlot slot) {
        while (!slot.isAwake() && !idle.wake(slot)) {
            dispatcher.release();
            try {
                slot.awaitWake();
            } finally {
                dispatcher.lock();
            }
        }
    }

    private @Nullable QueuedTask<?, ?> awaitNext(WorkerSlot slot) {
        boolean isPatient = false;
        while (!pending.isOver() && !slot.hasOtherWork()) {
            QueuedTask<?, ?> task = dispatcher.poll();
            if (task != null) {
                pending.begin(slot, task);
                return task;
            }
            await(slot, isPatient);
            isPatient = !isPatient;
        }
        return null;
    }

    /** Searches for a task without the lock, for about as long as it takes to wake a thread; then parks. */
    private void await(WorkerSlot slot, boolean isPatient) {
        if (isPatient) {
            park(slot);
        } else {
            slot.foundNothing();
        }
        dispatcher.release();
        try {
            if (isPatient) {
                slot.awaitWake();
            } else {
                dispatcher.search();
            }
        } finally {
            dispatcher.lock();
            dispatcher.searched(slot);
        }
    }

    private void park(WorkerSlot slot) {
        slot.park();
        idle.add(slot);
    }

    /** Ends the task of a worker, if it has one: it has run it. */
    public void leave(WorkerSlot slot) {
        dispatcher.lock();
        try {
            pending.finish(slot);
        } finally {
            dispatcher.release();
        }
    }

    /** A worker goes; its task, if any, has ended. */
    public void remove(WorkerSlot slot) {
        dispatcher.lock();
        try {
            pending.finish(slot);
            pending.unlist(slot);
            for (int i = 0; i < HINTS; i++) {
                if (lastClaimed[i] == slot) {
                    lastClaimed[i] = null;
                }
            }
        } finally {
            dispatcher.release();
        }
    }

    /** Requeues, at the head of its lane, the task of a worker that can't run it; ends one that has been run. */
    public void requeue(WorkerSlot slot) {
        dispatcher.lock();
        try {
            QueuedTask<?, ?> task = PendingTasks.taskOf(slot);
            if (task != null && task.isWaiting()) {
                dispatcher.waiting.requeue(task);
            }
            pending.finish(slot);
        } finally {
            dispatcher.release();
        }
    }

    /**
     * Abandons the task of a worker that ignores its interrupt: nothing waits for it any more. Ended by {@link #returned}.
     *
     * @return false if that has been done before
     */
    public boolean abandon(WorkerSlot slot, QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            if (!pending.end(slot, task)) {
                return false;
            }
            pending.abandoned.add(task);
            pending.checkDrained();
            return true;
        } finally {
            dispatcher.release();
        }
    }

    /** An abandoned task has returned at last. */
    public void returned(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            if (task.lane == pending.abandoned) {
                pending.abandoned.remove(task);
            }
        } finally {
            dispatcher.release();
        }
    }

    /** The task that a worker has taken, and not left yet. */
    public @Nullable QueuedTask<?, ?> runningOn(WorkerSlot slot) {
        dispatcher.lock();
        try {
            return PendingTasks.taskOf(slot);
        } finally {
            dispatcher.release();
        }
    }

    // -- a caller claims a worker, and releases it -----------------------------------------------------------------

    /**
     * Accepts a task and claims a worker for it that is parked. The worker stays so until {@link #release}. The task's arrival
     * is the caller's to record.
     *
     * <p>Most callers claim the worker that they had last, without the lock: an end, a pause, and a task that comes first could
     * then be missed. So a claim comes first, and after it the look at those; who ends, pauses or takes up a task writes that
     * first, and then looks at the workers.
     *
     * @return null if no worker is parked, or may take a task now, or if another task comes first
     * @throws InterruptedException if the caller was interrupted before
     */
    public @Nullable WorkerSlot claim(QueuedTask<?, ?> task) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        int hint = (int) (Thread.currentThread().getId() % HINTS);
        WorkerSlot slot = lastClaimed[hint];
        if (slot != null && slot.parked2claimed(task)) {
            boolean mayRun = false;
            try {
                mayRun = !isToWait() && !dispatcher.isTaskWaiting() && !idle.isToBeTold() && !slot.hasOtherWork();
            } finally {
                if (!mayRun) {
                    release(slot, task);
                }
            }
            if (mayRun) {
                slot.countClaim();
                return slot;
            }
        }
        slot = claimLocked(task);
        if (slot == null && !isToWait() && !dispatcher.isTaskWaiting() && lent.yieldIfDue()) {
            slot = claimAfterYield(task);
        }
        if (slot != null) {
            slot.countClaim();
            lastClaimed[hint] = slot;
        }
        return slot;
    }

    /** Or all callers queue behind the first that finds no worker, and each of them sleeps until one has run its task. */
    private @Nullable WorkerSlot claimAfterYield(QueuedTask<?, ?> task) {
        task.offeredAt(task.queue().nanos());
        WorkerSlot slot = claimLocked(task);
        lent.helped(slot != null);
        return slot;
    }

    private boolean isToWait() {
        return pending.isClosed() || dispatcher.isPaused();
    }

    private @Nullable WorkerSlot claimLocked(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            return isToWait() || dispatcher.waiting.hasTasks() ? null : idle.claim(task);
        } finally {
            dispatcher.release();
        }
    }

    /** Ends what {@link #claim} began, and its task: the worker is idle again, or woken. */
    public void release(WorkerSlot slot, QueuedTask<?, ?> task) {
        boolean isParked = slot.claimed2parked(task);
        // From here on it is anybody's. What there is to do for it may have come while it was claimed.
        boolean isDone = false;
        try {
            isDone = isParked
                    && slot.isIdle
                    && !pending.isClosed()
                    && !dispatcher.isTaskWaiting()
                    && !slot.hasOtherWork();
        } finally {
            if (!isDone) {
                settle(slot, isParked);
            }
        }
    }

    private void settle(WorkerSlot slot, boolean isParked) {
        dispatcher.lock();
        try {
            if (!isParked) {
                slot.spent2parked();
            }
            if (!slot.isAwake() && !slot.isIdle) {
                idle.add(slot);
            }
            if (pending.isOver() || slot.hasOtherWork()) {
                boolean unused = idle.wake(slot);
            }
            pending.checkDrained();
        } finally {
            dispatcher.release();
        }
    }

    // -- whom to wake ----------------------------------------------------------------------------------------------

    /** Has idle workers ask again whether they have something to do. */
    public void wakeAll() {
        dispatcher.lock();
        try {
            idle.wakeAll();
        } finally {
            dispatcher.release();
        }
    }

    /** Has an idle worker ask again whether it has something to do; nothing if it is not idle, since it will ask. */
    public void wake(WorkerSlot slot) {
        dispatcher.lock();
        try {
            boolean unused = idle.wake(slot);
        } finally {
            dispatcher.release();
        }
    }

    /**
     * If all workers are parked and nothing waits, runs {@code rest} now, and {@code wake} once, when the next worker is
     * woken or claimed. Both with the lock held, so no worker is woken between them.
     *
     * <p>A new worker that has its resource and comes here only now would take a task without having been woken. So
     * the caller says how many workers there are; it must know that no other takes tasks.
     *
     * @return false if not all of them are parked, a task waits, or this is paused or closed; then neither is run
     */
    public boolean whenWoken(int workers, Runnable rest, Runnable wake) {
        dispatcher.lock();
        try {
            idle.whenWoken(wake); // before the look whether one is claimed: who claims one looks at this after
            boolean atRest = !isToWait()
                    && !dispatcher.waiting.hasTasks()
                    && idle.count() == workers
                    && pending.countClaimed() == 0;
            if (atRest) {
                rest.run();
            } else {
                idle.whenWoken(null);
            }
            return atRest;
        } finally {
            dispatcher.release();
        }
    }

    /** For a race in which no thread waits: has a worker be idle, and every caller have claimed it last. */
    void listIdle(WorkerSlot slot) {
        dispatcher.lock();
        try {
            pending.list(slot);
            park(slot);
            Arrays.fill(lastClaimed, slot);
        } finally {
            dispatcher.release();
        }
    }
}

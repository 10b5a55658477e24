package io.taskmanager.engine.queue;

import org.jspecify.annotations.Nullable;

/**
 * The workers that wait for a task, linked from the last to begin: its resource and its caches are the warmest. Guarded by the
 * lock of its {@link TaskQueue}.
 *
 * <p>A caller claims one without that lock, and leaves it here. Who finds it claimed takes it out, so that nobody finds it so
 * again, and its caller adds it again. The two could miss each other: one finds it claimed, the other finds it here, and then
 * it is neither here nor claimed. So each writes first and then looks: the first takes it out and then looks whether it is
 * parked, the other releases it and then looks whether it is here.
 */
final class IdleWorkers {

    private @Nullable WorkerSlot warmest;
    private int count;
    /** Run once, when the next worker is woken or claimed. Written under the lock; read without it by callers. */
    private volatile @Nullable Runnable whenWoken;

    boolean isEmpty() {
        return warmest == null;
    }

    /** How many there are; some of them may be claimed. */
    int count() {
        return count;
    }

    void add(WorkerSlot slot) {
        slot.isIdle = true;
        slot.colder = warmest;
        slot.warmer = null;
        if (warmest != null) {
            warmest.warmer = slot;
        }
        warmest = slot;
        count++;
    }

    void remove(WorkerSlot slot) {
        if (!slot.isIdle) {
            return;
        }
        if (slot.warmer == null) {
            warmest = slot.colder;
        } else {
            slot.warmer.colder = slot.colder;
        }
        if (slot.colder != null) {
            slot.colder.warmer = slot.warmer;
        }
        slot.warmer = null;
        slot.colder = null;
        slot.isIdle = false; // last: see above
        count--;
    }

    /** Wakes one; null if all are claimed. */
    @Nullable
    WorkerSlot wakeOne() {
        for (WorkerSlot slot = warmest; slot != null; slot = warmest) {
            if (wake(slot)) {
                return slot;
            }
        }
        return null;
    }

    void wakeAll() {
        while (warmest != null) {
            boolean unused = wake(warmest);
        }
    }

    /** Wakes a worker, unless it is claimed: who releases it will ask whether it has something to do. */
    boolean wake(WorkerSlot slot) {
        remove(slot);
        boolean woken = slot.parked2awake();
        if (woken) {
            tellWoken();
        }
        return woken;
    }

    /**
     * Claims one for a task. Wakes one that has something else to do, instead.
     *
     * @return null if there was none
     */
    @Nullable
    WorkerSlot claim(QueuedTask<?, ?> task) {
        for (WorkerSlot slot = warmest; slot != null; slot = warmest) {
            if (slot.parked2claimed(task) || takenOut2claimed(slot, task)) {
                return keepsClaim(slot, task) ? slot : null;
            }
        }
        return null;
    }

    /**
     * Looks after the claim, and not before: until then, another caller may be running its task with the worker, break its
     * resource, and release it.
     */
    private boolean keepsClaim(WorkerSlot slot, QueuedTask<?, ?> task) {
        boolean isFree = false;
        try {
            isFree = !slot.hasOtherWork(); // its resource has become old while it was idle, say
        } finally {
            boolean unused = !isFree && slot.claimed2parked(task) && wake(slot);
        }
        if (isFree) {
            tellWoken();
        }
        return isFree;
    }

    /** Takes out one that is claimed; another look, as said above: it may have been released before it was out. */
    private boolean takenOut2claimed(WorkerSlot slot, QueuedTask<?, ?> task) {
        remove(slot);
        boolean claimed = slot.parked2claimed(task);
        if (claimed) {
            add(slot);
        }
        return claimed;
    }

    /** Has an action run once, when the next worker is woken or claimed; null for none. */
    void whenWoken(@Nullable Runnable action) {
        whenWoken = action;
    }

    /** Whether whoever claims one without the lock is to take it. */
    boolean isToBeTold() {
        return whenWoken != null;
    }

    private void tellWoken() {
        Runnable action = whenWoken;
        if (action != null) {
            try {
                action.run();
                whenWoken = null;
            } catch (OutOfMemoryError e) {
                // It stays, for the next worker that is woken.
            }
        }
    }
}

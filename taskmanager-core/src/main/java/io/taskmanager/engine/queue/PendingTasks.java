package io.taskmanager.engine.queue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every accepted task that has no answer yet, each in exactly one place: waiting (retry, priority, main), in back-off, on a
 * worker, or on its caller's thread. So a kill finds every task, and a stop knows when none is left. Guarded by the lock of the
 * {@link Dispatcher}, but where said.
 *
 * <p>What ends something (a claim, a wait, a task) needs no memory, so that no count is wrong once a full heap has room again.
 */
final class PendingTasks {

    private final WaitingLanes waiting;
    private final IdleWorkers idle;
    private final Runnable onDrained;

    final Lane inBackoff = new Lane();
    final Lane onCallers = new Lane();
    /** Running, and waited for no more. */
    final Lane abandoned = new Lane();

    /** All workers, linked, each with the task that it runs: a lane for all would have each write to the others'. */
    private @Nullable WorkerSlot firstWorker;
    /** Once this is closed: none before it is claimed, and none will be. */
    private @Nullable WorkerSlot firstClaimed;

    /** How many of them run a task; those that are claimed do not count. */
    private int busy;
    /** How many tasks workers were claimed for that have gone. */
    private long claimsOfGone;

    // Written under the lock, once; read without it by those who wait elsewhere, or who claim and release a worker.
    private volatile boolean closed;
    private volatile boolean drained;
    private volatile boolean killed;

    /** @param onDrained called once, with the lock held, when this is closed and no task is left */
    PendingTasks(Dispatcher dispatcher, Runnable onDrained) {
        this.waiting = dispatcher.waiting;
        this.idle = dispatcher.idle;
        this.onDrained = onDrained;
    }

    // -- workers ---------------------------------------------------------------------------------------------------

    void list(WorkerSlot slot) {
        if (slot.isListed) {
            return;
        }
        slot.isListed = true;
        slot.after = firstWorker;
        if (firstWorker != null) {
            firstWorker.before = slot;
        }
        firstWorker = slot;
    }

    void unlist(WorkerSlot slot) {
        if (!slot.isListed) {
            return;
        }
        if (firstClaimed == slot) {
            firstClaimed = slot.after;
        }
        if (slot.before == null) {
            firstWorker = slot.after;
        } else {
            slot.before.after = slot.after;
        }
        if (slot.after != null) {
            slot.after.before = slot.before;
        }
        slot.before = null;
        slot.after = null;
        slot.isListed = false;
        claimsOfGone += slot.claims();
    }

    /** What is run with a worker, by its own thread or by the caller that has claimed it. */
    static @Nullable QueuedTask<?, ?> taskOf(WorkerSlot slot) {
        return slot.running == null ? slot.claimant() : slot.running;
    }

    /** A worker has taken a task from its lane. */
    void begin(WorkerSlot slot, QueuedTask<?, ?> task) {
        slot.running = task;
        busy++;
    }

    /** Takes a task out of what runs; false if it is not run with this worker any more. */
    boolean end(WorkerSlot slot, QueuedTask<?, ?> task) {
        if (slot.running == task) {
            slot.running = null;
            busy--;
            return true;
        }
        return slot.claimed2spent(task);
    }

    /** Takes the task of a worker, if it has one, out of what runs. */
    void finish(WorkerSlot slot) {
        QueuedTask<?, ?> task = taskOf(slot);
        if (task != null) {
            boolean unused = end(slot, task);
        }
        checkDrained();
    }

    /** How many workers run a task, for themselves or for a caller. */
    int busyWorkers() {
        return busy + countClaimed();
    }

    int countClaimed() {
        int count = 0;
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            count += slot.claimant() == null ? 0 : 1;
        }
        return count;
    }

    /** How many tasks were accepted since the start, but for those on their callers' threads. */
    long accepted() {
        long count = waiting.accepted() + claimsOfGone;
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            count += slot.claims();
        }
        return count;
    }

    // -- all of them -----------------------------------------------------------------------------------------------

    /** How many tasks have no answer yet, but for those that callers run with a worker. */
    private int size() {
        return waiting.size() + inBackoff.size() + busy + onCallers.size();
    }

    /** Adds all that have no answer yet to a list. */
    void copyTo(List<? super QueuedTask<?, ?>> list) {
        waiting.copyTo(list);
        inBackoff.copyTo(list);
        copyRunningTo(list);
        onCallers.copyTo(list);
    }

    /** Those that wait for their first start or for another attempt. */
    List<QueuedTask<?, ?>> waiting() {
        List<QueuedTask<?, ?>> tasks = new ArrayList<>(size());
        waiting.admitArrivals();
        waiting.copyTo(tasks);
        inBackoff.copyTo(tasks);
        return tasks;
    }

    /** Those that run now, on workers and on their callers' threads, and those that were abandoned. */
    List<QueuedTask<?, ?>> running() {
        List<QueuedTask<?, ?>> tasks = new ArrayList<>();
        copyRunningTo(tasks);
        onCallers.copyTo(tasks);
        abandoned.copyTo(tasks);
        return tasks;
    }

    private void copyRunningTo(List<? super QueuedTask<?, ?>> list) {
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            QueuedTask<?, ?> task = taskOf(slot);
            if (task != null) {
                list.add(task);
            }
        }
    }

    // -- the end ---------------------------------------------------------------------------------------------------

    /** In this order: who claims a worker looks at this after that. */
    void close() {
        if (!closed) {
            closed = true;
            firstClaimed = firstWorker;
        }
    }

    /** Refuses retries, too. */
    void kill() {
        killed = true;
        close();
    }

    /** By any thread, as the following. */
    boolean isClosed() {
        return closed;
    }

    boolean isKilled() {
        return killed;
    }

    /** Whether workers will get no more tasks: this was killed, or is closed and no task is left. */
    boolean isOver() {
        return killed || drained;
    }

    /** Ends this, and tells so, when it is closed and nothing is left. */
    void checkDrained() {
        if (drained || !closed || size() > 0 || isAnyClaimed()) {
            return;
        }
        drained = true;
        idle.wakeAll();
        onDrained.run();
    }

    /** Whether a caller runs a task with a worker, once this is closed: then none is claimed that is not so at one look. */
    private boolean isAnyClaimed() {
        while (firstClaimed != null && firstClaimed.claimant() == null) {
            firstClaimed = firstClaimed.after;
        }
        return firstClaimed != null;
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every accepted task that has no answer yet, each in exactly one lane: waiting (retry, priority, main), in back-off, on
 * a worker, or on its caller's thread. One lock guards them all, so a kill finds every task, and a stop knows when none
 * is left.
 *
 * <p>What ends something (a claim, a wait, a task) needs no memory, so that no count is wrong once a full heap has room again.
 */
public final class TaskQueue {

    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

    private static final int HINTS = 16;

    private final String managerName;
    private final Object owner;
    private final Timer timer;
    private final Executor answers;
    private final Ledger ledger;
    private final Runnable onDrained;

    /** The last number given to a task without a name, for whoever asked what it is called. */
    private final AtomicLong lastNumber = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    // All below is guarded by lock.
    private final WaitingLanes waiting;
    private final Lane inBackoff = new Lane();
    /** All workers, linked, each with the task that it runs: a lane for all would have each write to the others'. */
    private @Nullable WorkerSlot firstWorker;
    /** Once this is closed: none before it is claimed, and none will be. */
    private @Nullable WorkerSlot firstClaimed;

    /** How many of them run a task; those that are claimed do not count. */
    private int busy;
    /** How many tasks workers were claimed for that have gone. */
    private long claimsOfGone;

    private final Lane onCallers = new Lane();
    private final IdleWorkers idle = new IdleWorkers();

    /**
     * The worker that was woken for a task and looks for it. Meanwhile no other is woken: it will wake the next, if there is
     * more. So whoever submits many tasks in a row pays for one wake-up.
     */
    private @Nullable WorkerSlot searching;
    /** Whether a worker is to be woken for the next task. Written under lock; read without it by those who submit. */
    private volatile boolean listening;
    /** Whether a task waits in a lane. Written under lock; read without it by those who claim and release a worker. */
    private volatile boolean hasWaiting;

    /** The worker that a thread with such a number has claimed last: its next claim needs no lock. Racy; only a hint. */
    private final @Nullable WorkerSlot[] lastClaimed = new WorkerSlot[HINTS];

    /** Written under lock; read without it by those who claim a worker. */
    private volatile boolean paused;

    private long pausedSinceNanos;
    /** Running, and waited for no more. */
    private final Lane abandoned = new Lane();

    // Written under lock, once; read without it by those who wait elsewhere, or who claim and release a worker.
    private volatile boolean closed;
    private volatile boolean drained;
    private volatile boolean killed;

    /**
     * @param owner stands for the manager in a {@link io.taskmanager.engine.support.Frame}
     * @param answers where tasks are answered that end by their time
     * @param onDrained called once, with the lock held, when this is closed and no task is left
     */
    public TaskQueue(
            String managerName,
            Object owner,
            int mainCapacity,
            int priorityCapacity,
            int priorityBurstLimit,
            Timer timer,
            Executor answers,
            Ledger ledger,
            Runnable onDrained) {
        this.managerName = managerName;
        this.owner = owner;
        this.waiting = new WaitingLanes(mainCapacity, priorityCapacity, priorityBurstLimit, lock);
        this.timer = timer;
        this.answers = answers;
        this.ledger = ledger;
        this.onDrained = onDrained;
    }

    /** What became of a task that was offered. */
    public enum Admission {
        ACCEPTED,
        FULL,
        CLOSED
    }

    /** The counts at one moment; {@code accepted} is since the start and leaves out {@link #enter}. */
    public record Counts(
            int main, int priority, int retrying, int inBackoff, int busyWorkers, long accepted, boolean paused) {}

    String managerName() {
        return managerName;
    }

    Object owner() {
        return owner;
    }

    Timer timer() {
        return timer;
    }

    long nanos() {
        return timer.nanos();
    }

    long nextNumber() {
        return lastNumber.incrementAndGet();
    }

    Executor answers() {
        return answers;
    }

    Ledger ledger() {
        return ledger;
    }

    private void lock() {
        // What is done under it takes less time than to put a thread to sleep: look again a few times before that.
        for (int i = 0; !lock.tryLock(); i++) {
            if (i == SPINS) {
                Surely.lock(lock);
                break;
            }
            Thread.onSpinWait();
        }
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * Unlocks. Where a task waits and a worker is idle, one is on its way after this; where none waits, whoever submits the
     * next one is told to call.
     *
     * <p>A task that arrives just now, by one who was not told yet, would wait for another to come: so this tells first, and
     * then looks whether a task has arrived.
     */
    private void release() {
        try {
            boolean isFree = !paused && searching == null && !idle.isEmpty();
            if (isFree && waiting.isEmpty() && !listening) {
                listening = true;
            }
            boolean hasTasks = waiting.hasTasks();
            if (hasWaiting != hasTasks) {
                hasWaiting = hasTasks; // before the look for one that is parked: who releases one looks at this after
            }
            if (isFree && hasTasks) {
                searching = idle.wakeOne();
                isFree = false;
            }
            if (!isFree && listening) {
                listening = false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a task to its lane, or says why not; never waits. */
    public Admission offer(QueuedTask<?, ?> task) {
        if (arrives(task)) {
            return recorded(Admission.ACCEPTED, task.queuedNanos());
        }
        Admission admission;
        lock();
        try {
            admission = admit(task);
        } finally {
            release();
        }
        return recorded(admission, task.queuedNanos());
    }

    /** Adds a task to its lane; waits for room at most {@code timeout}, null for without bound. */
    public Admission put(QueuedTask<?, ?> task, @Nullable Duration timeout) throws InterruptedException {
        throwIfInterrupted();
        if (arrives(task)) {
            return recorded(Admission.ACCEPTED, task.queuedNanos());
        }
        Admission admission;
        lock();
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
            admission = admit(task);
            while (admission == Admission.FULL && left > 0) {
                left = waiting.of(task).awaitRoom(left);
                task.offeredAt(timer.nanos());
                admission = admit(task);
            }
        } finally {
            release();
        }
        return recorded(admission, task.queuedNanos());
    }

    /** Adds a task without the lock; false if that needs a closer look. */
    private boolean arrives(QueuedTask<?, ?> task) {
        // A limit of its time begins under the lock, in the order of the lane.
        boolean accepted = !task.hasLimits() && waiting.of(task).offer(task);
        if (accepted && listening) {
            lock();
            release(); // calls a worker
        }
        return accepted;
    }

    /**
     * Accepts a task and claims a worker for it that is parked. The worker stays so until {@link #giveBack}. The task's arrival
     * is the caller's to record.
     *
     * <p>Most callers claim the worker that they had last, without the lock: an end, a pause, and a task that comes first could
     * then be missed. So a claim comes first, and after it the look at those; who ends, pauses or takes up a task writes that
     * first, and then looks at the workers.
     *
     * @return null if no worker is parked, or may take a task now, or if another task comes first
     * @throws InterruptedException if the caller was interrupted before
     */
    public @Nullable WorkerSlot lend(QueuedTask<?, ?> task) throws InterruptedException {
        throwIfInterrupted();
        int hint = (int) (Thread.currentThread().getId() % HINTS);
        WorkerSlot slot = lastClaimed[hint];
        if (slot != null && slot.parked2claimed(task)) {
            boolean mayRun = false;
            try {
                mayRun = !closed && !paused && !isTaskWaiting() && !idle.isToBeTold() && !slot.hasOtherWork();
            } finally {
                if (!mayRun) {
                    giveBack(slot, task);
                }
            }
            if (mayRun) {
                slot.countClaim();
                return slot;
            }
        }
        slot = lendLocked(task);
        if (slot != null) {
            slot.countClaim();
            lastClaimed[hint] = slot;
        }
        return slot;
    }

    private boolean isTaskWaiting() {
        return hasWaiting || waiting.hasArrivals();
    }

    private @Nullable WorkerSlot lendLocked(QueuedTask<?, ?> task) {
        lock();
        try {
            return closed || paused || waiting.hasTasks() ? null : idle.claim(task);
        } finally {
            release();
        }
    }

    /** Ends what {@link #lend} began, and its task: the worker is idle again, or woken. */
    public void giveBack(WorkerSlot slot, QueuedTask<?, ?> task) {
        boolean isParked = slot.claimed2parked(task);
        // From here on it is anybody's. What there is to do for it may have come while it was claimed.
        boolean isDone = false;
        try {
            isDone = isParked && slot.isIdle && !closed && !isTaskWaiting() && !slot.hasOtherWork();
        } finally {
            if (!isDone) {
                settle(slot, isParked);
            }
        }
    }

    private void settle(WorkerSlot slot, boolean isParked) {
        lock();
        try {
            if (!isParked) {
                slot.spent2parked();
            }
            if (!slot.isUp() && !slot.isIdle) {
                idle.add(slot);
            }
            if (isOver() || slot.hasOtherWork()) {
                boolean unused = idle.wake(slot);
            }
            checkDrained();
        } finally {
            release();
        }
    }

    /** Counts a task in that runs on its caller's thread from now on; false if this is closed. Ended by {@link #leave}. */
    public boolean enter(QueuedTask<?, ?> task, long nowNanos) {
        lock();
        try {
            if (closed) {
                return false;
            }
            onCallers.add(task);
        } finally {
            release();
        }
        arrived(nowNanos);
        return true;
    }

    /** A task that was {@linkplain #lend lent} a worker was accepted. Outside the lock, since a collector is user code. */
    public void arrived(long nowNanos) {
        ledger.arrived(nowNanos);
    }

    /** Ends what {@link #enter} began, if it has not ended: {@link #retry} has taken the task back, say. */
    public void leave(QueuedTask<?, ?> task) {
        lock();
        try {
            if (task.lane == onCallers) {
                onCallers.remove(task);
            }
            checkDrained();
        } finally {
            release();
        }
    }

    /** Ends the task of a worker, if it has one: it has run it. */
    public void leave(WorkerSlot slot) {
        lock();
        try {
            finish(slot);
        } finally {
            release();
        }
    }

    /**
     * Takes the next task for a worker, and ends the one that it has run, if any. Waits for one.
     *
     * @param slot the worker's, which waits until it has another thing to do
     * @return null if the worker has another thing to do, or no task is left and none will come
     */
    public @Nullable QueuedTask<?, ?> take(WorkerSlot slot) {
        lock();
        try {
            list(slot);
            standUp(slot);
            finish(slot);
            return awaitNext(slot);
        } finally {
            release();
        }
    }

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

    private void unlist(WorkerSlot slot) {
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
        for (int i = 0; i < HINTS; i++) {
            if (lastClaimed[i] == slot) {
                lastClaimed[i] = null;
            }
        }
    }

    /** An Error may have ended its last wait, and a caller may have claimed it. */
    private void standUp(WorkerSlot slot) {
        while (!slot.isUp() && !idle.wake(slot)) {
            release();
            try {
                slot.awaitWake();
            } finally {
                lock();
            }
        }
    }

    /** Gives up a worker's place; its task, if any, has ended. */
    public void vacate(WorkerSlot slot) {
        lock();
        try {
            finish(slot);
            unlist(slot);
        } finally {
            release();
        }
    }

    /**
     * Strikes the task of a worker off that ignores its interrupt: nothing waits for it any more. Ended by {@link #returned}.
     *
     * @return false if that has been done before
     */
    public boolean abandon(WorkerSlot slot, QueuedTask<?, ?> task) {
        lock();
        try {
            if (!end(slot, task)) {
                return false;
            }
            abandoned.add(task);
            checkDrained();
            return true;
        } finally {
            release();
        }
    }

    /** An abandoned task has returned at last. */
    public void returned(QueuedTask<?, ?> task) {
        lock();
        try {
            if (task.lane == abandoned) {
                abandoned.remove(task);
            }
        } finally {
            release();
        }
    }

    /**
     * Gives a task that waits for a retry to the caller who ran its last attempt, as {@link #enter} does.
     *
     * @return false if it has ended meanwhile
     */
    public boolean takeBack(QueuedTask<?, ?> task) {
        lock();
        try {
            if (task.lane != waiting.retry) {
                return false;
            }
            waiting.retry.remove(task);
            onCallers.add(task);
            return true;
        } finally {
            release();
        }
    }

    /** Puts back, at the head of its lane, the task of a worker that can't run it; ends one that has been run. */
    public void putBack(WorkerSlot slot) {
        lock();
        try {
            QueuedTask<?, ?> task = taskOf(slot);
            if (task != null && task.isWaiting()) {
                waiting.putBack(task);
            }
            finish(slot);
        } finally {
            release();
        }
    }

    /** Has workers take no task until {@link #resume}. */
    public void pause() {
        lock();
        try {
            if (!paused) {
                pausedSinceNanos = timer.nanos();
            }
            paused = !closed;
        } finally {
            release();
        }
    }

    /** Since when no worker takes a task, by the manager's clock; empty if this is not paused. */
    public OptionalLong pausedSince() {
        lock();
        try {
            return paused ? OptionalLong.of(pausedSinceNanos) : OptionalLong.empty();
        } finally {
            release();
        }
    }

    /** Ends a pause. */
    public void resume() {
        lock();
        try {
            paused = false;
            idle.wakeAll();
        } finally {
            release();
        }
    }

    /**
     * Has a task that just ran wait for its back-off and run again; false if it has ended or everything was killed.
     *
     * @param slot of the worker that ran it, if it was one
     * @param endedNanos when it ended
     */
    public boolean retry(QueuedTask<?, ?> task, @Nullable WorkerSlot slot, Duration delay, long endedNanos) {
        lock();
        try {
            // First: where there is no memory, the task still has its attempt. What ends the back-off waits for the
            // lock.
            Timer.Cancellable backoff = delay.isZero() ? null : timer.after(delay, () -> endBackoff(task));
            if (killed || !task.running2waiting(endedNanos, backoff)) {
                if (backoff != null) {
                    backoff.cancel();
                }
                return false;
            }
            if (slot != null) {
                boolean unused = end(slot, task);
            } else if (task.lane == onCallers) {
                onCallers.remove(task);
            }
            (backoff == null ? waiting.retry : inBackoff).add(task);
            task.armWaitingAgain();
            return true;
        } finally {
            release();
        }
    }

    /** Refuses new tasks from now on. Those that wait for room are refused too. */
    public void close() {
        lock();
        try {
            markClosed();
            waiting.close();
            paused = false;
            idle.wakeAll();
            checkDrained();
        } finally {
            release();
        }
    }

    /** In this order: who claims a worker looks at this after that. */
    private void markClosed() {
        if (!closed) {
            closed = true;
            firstClaimed = firstWorker;
        }
    }

    /**
     * Closes, refuses retries, and lists every task that has no answer yet, for the caller to cancel. May be called again
     * where it failed for want of memory.
     */
    public List<QueuedTask<?, ?>> kill() {
        List<QueuedTask<?, ?>> unanswered;
        lock();
        try {
            killed = true;
            markClosed();
            waiting.close(); // with the list, or a task offered after it would be in neither
            idle.wakeAll();
            unanswered = new ArrayList<>(pending());
            waiting.copyTo(unanswered);
            inBackoff.copyTo(unanswered);
            copyRunningTo(unanswered);
            onCallers.copyTo(unanswered);
        } finally {
            release();
        }
        close();
        return unanswered;
    }

    /** Whether workers will get no more tasks: this was killed, or is closed and no task is left. */
    public boolean isOver() {
        return killed || drained;
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
        lock();
        try {
            idle.whenWoken(wake); // before the look whether one is claimed: who claims one looks at this after
            boolean atRest =
                    !paused && !closed && !waiting.hasTasks() && idle.count() == workers && countClaimed() == 0;
            if (atRest) {
                rest.run();
            } else {
                idle.whenWoken(null);
            }
            return atRest;
        } finally {
            release();
        }
    }

    /** Has idle workers ask again whether they have something to do. */
    public void wakeIdle() {
        lock();
        try {
            idle.wakeAll();
        } finally {
            release();
        }
    }

    /** Has an idle worker ask again whether it has something to do; nothing if it is not idle, since it will ask. */
    public void wake(WorkerSlot slot) {
        lock();
        try {
            boolean unused = idle.wake(slot);
        } finally {
            release();
        }
    }

    /** The task that a worker has taken, and not left yet. */
    public @Nullable QueuedTask<?, ?> runningOn(WorkerSlot slot) {
        lock();
        try {
            return taskOf(slot);
        } finally {
            release();
        }
    }

    /** The tasks that run now, on workers and on their callers' threads, abandoned ones included. */
    public List<QueuedTask<?, ?>> running() {
        List<QueuedTask<?, ?>> running = new ArrayList<>();
        lock();
        try {
            copyRunningTo(running);
            onCallers.copyTo(running);
            abandoned.copyTo(running);
        } finally {
            release();
        }
        return running;
    }

    /** The tasks that wait for their first start or for another attempt. */
    public List<QueuedTask<?, ?>> waiting() {
        lock();
        try {
            List<QueuedTask<?, ?>> tasks = new ArrayList<>(pending());
            waiting.admitArrivals();
            waiting.copyTo(tasks);
            inBackoff.copyTo(tasks);
            return tasks;
        } finally {
            release();
        }
    }

    /** Looks at several counts at one moment, between two moves of tasks. */
    public <T> T between(Supplier<T> look) {
        lock();
        try {
            return look.get();
        } finally {
            release();
        }
    }

    public Counts counts() {
        lock();
        try {
            return new Counts(
                    waiting.mainSize(),
                    waiting.prioritySize(),
                    waiting.retry.size() + inBackoff.size(),
                    inBackoff.size(),
                    busy + countClaimed(),
                    waiting.accepted() + countClaims(),
                    paused);
        } finally {
            release();
        }
    }

    /** Takes out a task that was cancelled while it waited. */
    void remove(QueuedTask<?, ?> task) {
        lock();
        try {
            waiting.admitArrivals();
            // A thread may have taken it just before: that finds it ended, and leaves it.
            waiting.removeWaiting(task);
            if (task.lane == inBackoff) {
                inBackoff.remove(task);
            }
            Timer.Cancellable backoff = task.leaveBackoff();
            if (backoff != null) {
                backoff.cancel();
            }
            checkDrained();
        } finally {
            release();
        }
    }

    private void endBackoff(QueuedTask<?, ?> task) {
        lock();
        try {
            if (task.lane == inBackoff) {
                Timer.Cancellable unused = task.leaveBackoff();
                inBackoff.remove(task);
                waiting.retry.add(task);
            }
        } finally {
            release();
        }
    }

    private Admission admit(QueuedTask<?, ?> task) {
        if (closed) {
            return Admission.CLOSED;
        }
        return waiting.admit(task) ? Admission.ACCEPTED : Admission.FULL;
    }

    /** Outside the lock, since a collector is user code. */
    private Admission recorded(Admission admission, long nowNanos) {
        if (admission == Admission.ACCEPTED) {
            arrived(nowNanos);
        }
        return admission;
    }

    private @Nullable QueuedTask<?, ?> awaitNext(WorkerSlot slot) {
        boolean isPatient = false;
        while (!isOver() && !slot.hasOtherWork()) {
            QueuedTask<?, ?> task = paused ? null : waiting.poll();
            if (task != null) {
                slot.running = task;
                busy++;
                return task;
            }
            await(slot, isPatient);
            isPatient = !isPatient;
        }
        return null;
    }

    /** Looks out for a task without the lock, for about as long as it takes to wake a thread; then parks. */
    private void await(WorkerSlot slot, boolean isPatient) {
        if (isPatient) {
            park(slot);
        } else {
            slot.foundNothing();
        }
        release();
        try {
            if (isPatient) {
                slot.awaitWake();
            } else {
                awaitArrival();
            }
        } finally {
            lock();
            if (searching == slot) {
                searching = null;
            }
        }
    }

    private void park(WorkerSlot slot) {
        slot.park();
        idle.add(slot);
    }

    /** For a race in which no thread waits: has a worker be idle, and every caller have claimed it last. */
    void listIdle(WorkerSlot slot) {
        lock();
        try {
            list(slot);
            park(slot);
            Arrays.fill(lastClaimed, slot);
        } finally {
            release();
        }
    }

    private void awaitArrival() {
        for (int i = 0; i < SPINS && !waiting.hasArrivals(); i++) {
            Thread.onSpinWait();
        }
    }

    /** What is run with a worker, by its own thread or by the caller that has claimed it. */
    private static @Nullable QueuedTask<?, ?> taskOf(WorkerSlot slot) {
        return slot.running == null ? slot.claimant() : slot.running;
    }

    /** Takes a task out of what runs; false if it is not run with this worker any more. */
    private boolean end(WorkerSlot slot, QueuedTask<?, ?> task) {
        if (slot.running == task) {
            slot.running = null;
            busy--;
            return true;
        }
        return slot.claimed2spent(task);
    }

    /** Takes the task of a worker, if it has one, out of what runs. */
    private void finish(WorkerSlot slot) {
        QueuedTask<?, ?> task = taskOf(slot);
        if (task != null) {
            boolean unused = end(slot, task);
        }
        checkDrained();
    }

    /** Ends this, and tells so, when it is closed and nothing is left. */
    private void checkDrained() {
        if (drained || !closed || pending() > 0 || isAnyClaimed()) {
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

    private int countClaimed() {
        int count = 0;
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            count += slot.claimant() == null ? 0 : 1;
        }
        return count;
    }

    /** How many tasks workers were claimed for since the start. */
    private long countClaims() {
        long count = claimsOfGone;
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            count += slot.claims();
        }
        return count;
    }

    /** How many tasks have no answer yet, but for those that callers run with a worker. */
    private int pending() {
        return waiting.size() + inBackoff.size() + busy + onCallers.size();
    }

    private void copyRunningTo(List<QueuedTask<?, ?>> list) {
        for (WorkerSlot slot = firstWorker; slot != null; slot = slot.after) {
            QueuedTask<?, ?> task = taskOf(slot);
            if (task != null) {
                list.add(task);
            }
        }
    }
}

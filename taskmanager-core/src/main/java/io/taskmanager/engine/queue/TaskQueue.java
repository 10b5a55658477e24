package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
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
    /** All workers, each with the task that it runs: a lane for all would have each write to the others'. */
    private final Set<Seat> seats = new HashSet<>();
    /** How many of them run a task. */
    private int busy;

    private final Lane onCallers = new Lane();
    /**
     * The idle workers, linked from the last to become so: its resource and its caches are the warmest. One that is lent is
     * not among them, and waits on as they do.
     */
    private @Nullable Seat idle;

    private int idleCount;

    /**
     * The worker that was called for a task and has not come yet. Meanwhile no other is called: it will call the next, if
     * there is more. So whoever submits many tasks in a row pays for one wake-up.
     */
    private @Nullable Seat onItsWay;
    /** Whether a worker is to be called for the next task. Written under lock; read without it by those who submit. */
    private volatile boolean listening;

    /** Action to run once, when the next worker is woken or lent. */
    private @Nullable Runnable whenStirred;

    private boolean paused;
    private long pausedSinceNanos;
    /** Running, and waited for no more. */
    private final Lane struckOff = new Lane();

    private boolean closed;

    // Written under lock, once; read without it by those who wait elsewhere.
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
            Seat next = paused || onItsWay != null ? null : idle;
            if (next != null && waiting.isEmpty() && !listening) {
                listening = true;
            }
            if (next != null && waiting.hasTasks()) {
                call(next);
                onItsWay = next;
                next = null;
            }
            if (next == null && listening) {
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
     * Accepts a task and gives it to its caller to run, with the worker of a seat that is idle. The worker waits on until
     * {@link #giveBack}. Its arrival is the caller's to record.
     *
     * @return null if no worker is idle, or may take a task now, or if another task comes first
     * @throws InterruptedException if the caller was interrupted before
     */
    public @Nullable Seat lend(QueuedTask<?, ?> task) throws InterruptedException {
        throwIfInterrupted();
        lock();
        try {
            Seat seat = closed || paused || waiting.hasTasks() ? null : idle;
            if (seat == null) {
                return null;
            }
            if (seat.getsUp()) {
                call(seat); // its resource has become old while it was idle, say
                return null;
            }
            leaveIdle(seat);
            waiting.passThrough(task);
            begin(seat, task);
            return seat;
        } finally {
            release();
        }
    }

    /** Ends what {@link #lend} began, and its task: the worker is idle again, or gets up. */
    public void giveBack(Seat seat) {
        lock();
        try {
            finish(seat);
            becomeIdle(seat);
            if (isOver() || seat.getsUp()) {
                call(seat);
            }
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

    /** Ends the task of a worker's seat, if it has one: it has run it. */
    public void leave(Seat seat) {
        lock();
        try {
            finish(seat);
        } finally {
            release();
        }
    }

    /**
     * Takes the next task for a worker, and ends the one that it has run, if any. Waits for one.
     *
     * @param seat where the worker waits, until that gets up
     * @return null if the worker has another thing to do, or no task is left and none will come
     */
    public @Nullable QueuedTask<?, ?> take(Seat seat) {
        lock();
        try {
            register(seat); // first: this may want memory
            if (seat.isIdle) {
                leaveIdle(seat); // an Error has ended its last wait
            }
            finish(seat);
            return awaitNext(seat);
        } finally {
            release();
        }
    }

    void register(Seat seat) {
        if (!seat.isTaken) {
            seat.isTaken = seats.add(seat);
        }
    }

    /** Gives up a worker's place; its task, if any, has ended. */
    public void vacate(Seat seat) {
        lock();
        try {
            finish(seat);
            seats.remove(seat);
            seat.isTaken = false;
        } finally {
            release();
        }
    }

    /**
     * Strikes the task of a worker off that ignores its interrupt: nothing waits for it any more. Ended by {@link #returned}.
     *
     * @return false if that has been done before
     */
    public boolean abandon(Seat seat, QueuedTask<?, ?> task) {
        lock();
        try {
            if (seat.running != task) {
                return false;
            }
            finish(seat);
            struckOff.add(task);
            return true;
        } finally {
            release();
        }
    }

    /** An abandoned task has returned at last. */
    public void returned(QueuedTask<?, ?> task) {
        lock();
        try {
            if (task.lane == struckOff) {
                struckOff.remove(task);
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
    public void putBack(Seat seat) {
        lock();
        try {
            QueuedTask<?, ?> task = seat.running;
            if (task != null && task.isWaiting()) {
                waiting.putBack(task);
            }
            finish(seat);
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
            callAll();
        } finally {
            release();
        }
    }

    /**
     * Has a task that just ran wait for its back-off and run again; false if it has ended or everything was killed.
     *
     * @param seat of the worker that ran it, if it was one
     * @param endedNanos when it ended
     */
    public boolean retry(QueuedTask<?, ?> task, @Nullable Seat seat, Duration delay, long endedNanos) {
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
            if (seat != null) {
                begin(seat, null);
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
            closed = true;
            waiting.close();
            paused = false;
            callAll();
            checkDrained();
        } finally {
            release();
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
            closed = true;
            waiting.close(); // with the list, or a task offered after it would be in neither
            callAll();
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
     * woken or lent. Both with the lock held, so no worker is woken between them.
     *
     * <p>A new worker that has its resource and comes here only now would take a task without having been woken. So
     * the caller says how many workers there are; it must know that no other takes tasks.
     *
     * @return false if not all of them are parked, a task waits, or this is paused or closed; then neither is run
     */
    public boolean whenStirred(int workers, Runnable rest, Runnable wake) {
        lock();
        try {
            boolean atRest = !paused && !closed && !waiting.hasTasks() && idleCount == workers;
            if (atRest) {
                rest.run();
                whenStirred = wake;
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
            callAll();
        } finally {
            release();
        }
    }

    /** Has an idle worker ask again whether it has something to do; nothing if it is not idle, since it will ask. */
    public void wake(Seat seat) {
        lock();
        try {
            if (seat.isIdle) {
                call(seat);
            }
        } finally {
            release();
        }
    }

    /** The task that a worker has taken, and not left yet. */
    public @Nullable QueuedTask<?, ?> runningOn(Seat seat) {
        lock();
        try {
            return seat.running;
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
            struckOff.copyTo(running);
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
                    busy,
                    waiting.accepted(),
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

    private @Nullable QueuedTask<?, ?> awaitNext(Seat seat) {
        boolean isPatient = false;
        while (!isOver() && !seat.getsUp()) {
            QueuedTask<?, ?> task = paused ? null : waiting.poll();
            if (task != null) {
                begin(seat, task);
                return task;
            }
            await(seat, isPatient);
            isPatient = !isPatient;
        }
        return null;
    }

    /** Looks out for a task without the lock, for about as long as it takes to wake a thread; then waits to be called. */
    private void await(Seat seat, boolean isPatient) {
        if (isPatient) {
            seat.sit();
            becomeIdle(seat);
        } else {
            seat.foundNothing();
        }
        release();
        try {
            if (isPatient) {
                seat.awaitCall();
            } else {
                awaitArrival();
            }
        } finally {
            lock();
            if (onItsWay == seat) {
                onItsWay = null;
            }
        }
    }

    private void awaitArrival() {
        for (int i = 0; i < SPINS && !waiting.hasArrivals(); i++) {
            Thread.onSpinWait();
        }
    }

    private void callAll() {
        while (idle != null) {
            call(idle);
        }
    }

    private void call(Seat seat) {
        leaveIdle(seat);
        seat.call();
    }

    private void becomeIdle(Seat seat) {
        seat.isIdle = true;
        seat.colder = idle;
        seat.warmer = null;
        if (idle != null) {
            idle.warmer = seat;
        }
        idle = seat;
        idleCount++;
    }

    private void leaveIdle(Seat seat) {
        stir();
        if (seat.warmer == null) {
            idle = seat.colder;
        } else {
            seat.warmer.colder = seat.colder;
        }
        if (seat.colder != null) {
            seat.colder.warmer = seat.warmer;
        }
        seat.warmer = null;
        seat.colder = null;
        seat.isIdle = false;
        idleCount--;
    }

    private void stir() {
        Runnable action = whenStirred;
        if (action != null) {
            try {
                action.run();
                whenStirred = null;
            } catch (OutOfMemoryError e) {
                // It stays, for the next worker that is called.
            }
        }
    }

    /** Has a worker run a task, or none. */
    private void begin(Seat seat, @Nullable QueuedTask<?, ?> task) {
        busy += (task == null ? 0 : 1) - (seat.running == null ? 0 : 1);
        seat.running = task;
    }

    /** Takes the task of a worker, if it has one, out of what runs. */
    private void finish(Seat seat) {
        if (seat.running != null) {
            begin(seat, null);
        }
        checkDrained();
    }

    /** Ends this, and tells so, when it is closed and nothing is left. */
    private void checkDrained() {
        if (drained || !closed || pending() > 0) {
            return;
        }
        drained = true;
        callAll();
        onDrained.run();
    }

    /** How many tasks have no answer yet. */
    private int pending() {
        return waiting.size() + inBackoff.size() + busy + onCallers.size();
    }

    private void copyRunningTo(List<QueuedTask<?, ?>> list) {
        for (Seat seat : seats) {
            if (seat.running != null) {
                list.add(seat.running);
            }
        }
    }
}

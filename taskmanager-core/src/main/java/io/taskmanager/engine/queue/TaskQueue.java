package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every accepted task that has no answer yet, each in exactly one lane: waiting (retry, priority, main), in back-off, on
 * a worker, or on its caller's thread. One lock guards them all, so a kill finds every task, and a stop knows when none
 * is left.
 */
public final class TaskQueue {

    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

    private final String managerName;
    private final Timer timer;
    private final Executor answers;
    private final Ledger ledger;
    private final Runnable onDrained;

    /** The last number given to a task, in the order of submission. */
    private final AtomicLong lastNumber = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();

    // All below is guarded by lock.
    private final WaitingLanes waiting;
    private final Lane inBackoff = new Lane();
    /** All workers, each with the lane of the task that it runs: a lane for all would have each write to the others'. */
    private final Set<Seat> seats = new LinkedHashSet<>();

    private final Lane onCallers = new Lane();
    /**
     * The idle workers, the last to become so first: its resource and its caches are the warmest. One that is lent is not
     * among them, and waits on as they do.
     */
    private final Deque<Seat> idle = new ArrayDeque<>();

    /**
     * The worker that was called for a task and has not come yet. Meanwhile no other is called: it will call the next, if
     * there is more. So whoever submits many tasks in a row pays for one wake-up.
     */
    private @Nullable Seat onItsWay;
    /** Whether a worker is to be called for the next task. Written under lock; read without it by those who submit. */
    private volatile boolean listening;

    /** Run when a worker next stops waiting. */
    private @Nullable Runnable whenStirred;

    private boolean paused;
    /** Running, and waited for no more. */
    private final Lane struckOff = new Lane();

    private boolean closed;

    // Written under lock, once; read without it by those who wait elsewhere.
    private volatile boolean drained;
    private volatile boolean killed;

    /**
     * @param answers where tasks are answered that end by their time
     * @param onDrained called once, with the lock held, when this is closed and no task is left
     */
    public TaskQueue(
            String managerName,
            int mainCapacity,
            int priorityCapacity,
            int priorityBurstLimit,
            Timer timer,
            Executor answers,
            Ledger ledger,
            Runnable onDrained) {
        this.managerName = managerName;
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

    /**
     * Locks, and takes over what has arrived: so whoever holds the lock finds every accepted task in a lane. A worker that
     * takes its next task only {@link #lock}s, and leaves that to {@link WaitingLanes#poll}.
     */
    private void acquire() {
        lock();
        boolean admitted = false;
        try {
            waiting.admitArrivals();
            admitted = true;
        } finally {
            if (!admitted) {
                lock.unlock(); // no memory, say
            }
        }
    }

    private void lock() {
        // What is done under it takes less time than to put a thread to sleep: look again a few times before that.
        for (int i = 0; !lock.tryLock(); i++) {
            if (i == SPINS) {
                lock.lock();
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
            boolean canCall = !paused && onItsWay == null && !idle.isEmpty();
            if (canCall && waiting.isEmpty() && !listening) {
                listening = true;
                waiting.admitArrivals();
            }
            if (canCall && !waiting.isEmpty()) {
                Seat next = idle.element();
                call(next);
                onItsWay = next;
                canCall = false;
            }
            if (!canCall && listening) {
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
        acquire();
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
        acquire();
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
            admission = admit(task);
            while (admission == Admission.FULL && left > 0) {
                left = waiting.of(task).awaitRoom(left);
                admission = admit(task);
            }
        } finally {
            release();
        }
        return recorded(admission, timer.nanos());
    }

    /** Adds a task without the lock; false if that needs a closer look. */
    private boolean arrives(QueuedTask<?, ?> task) {
        // A limit of its time begins under the lock, in the order of the lane.
        boolean accepted = !task.hasLimits() && waiting.of(task).offer(task);
        if (accepted && listening) {
            acquire();
            release(); // calls a worker
        }
        return accepted;
    }

    /**
     * Accepts a task and gives it to its caller to run, with the worker of a seat that is idle. The worker waits on until
     * {@link #giveBack}.
     *
     * @return null if no worker is idle, or may take a task now, or if another task comes first
     * @throws InterruptedException if the caller was interrupted before
     */
    public @Nullable Seat lend(QueuedTask<?, ?> task) throws InterruptedException {
        throwIfInterrupted();
        acquire();
        Seat seat;
        try {
            seat = closed || paused || !waiting.isEmpty() ? null : idle.peek();
            if (seat == null) {
                return null;
            }
            if (seat.getsUp()) {
                call(seat); // its resource has become old while it was idle, say
                return null;
            }
            register(seat);
            leaveIdle(seat);
            waiting.passThrough(task);
            seat.running = task;
        } finally {
            release();
        }
        ledger.arrived(task.queuedNanos());
        return seat;
    }

    /** Ends what {@link #lend} began: the worker is idle again, or gets up. For {@code done} see {@link #take}. */
    public void giveBack(Seat seat, @Nullable QueuedTask<?, ?> done) {
        acquire();
        try {
            if (done != null) {
                finish(seat, done);
            }
            checkDrained();
            idle.push(seat);
            if (isOver() || seat.getsUp()) {
                call(seat);
            }
        } finally {
            release();
        }
    }

    /** Counts a task in that runs on its caller's thread from now on; false if this is closed. Ended by {@link #leave}. */
    public boolean enter(QueuedTask<?, ?> task, long nowNanos) {
        acquire();
        try {
            if (closed) {
                return false;
            }
            onCallers.add(task);
        } finally {
            release();
        }
        ledger.arrived(nowNanos);
        return true;
    }

    /** Ends what {@link #enter} or {@link #take} began. Not for a task that {@link #retry} has taken back. */
    public void leave(QueuedTask<?, ?> task) {
        acquire();
        try {
            finish(task);
            checkDrained();
        } finally {
            release();
        }
    }

    /**
     * Takes the next task for a worker; waits for one.
     *
     * @param seat where the worker waits, until that gets up
     * @param done the task that this worker has just run, if any: ends it as {@link #leave} does
     * @return null if the worker has another thing to do, or no task is left and none will come
     */
    public @Nullable QueuedTask<?, ?> take(Seat seat, @Nullable QueuedTask<?, ?> done) {
        lock();
        try {
            register(seat);
            if (done != null) {
                finish(seat, done);
            }
            checkDrained();
            return awaitNext(seat);
        } finally {
            release();
        }
    }

    /** Gives up a worker's place; its task, if any, has ended. */
    public void vacate(Seat seat) {
        acquire();
        try {
            seats.remove(seat);
            seat.isTaken = false;
        } finally {
            release();
        }
    }

    /** Strikes a task off that ignores its interrupt: nothing waits for it any more. Ended by {@link #returned}. */
    public void abandon(QueuedTask<?, ?> task) {
        acquire();
        try {
            finish(task);
            struckOff.add(task);
            checkDrained();
        } finally {
            release();
        }
    }

    /** An abandoned task has returned at last. */
    public void returned(QueuedTask<?, ?> task) {
        acquire();
        try {
            finish(task);
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
        acquire();
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

    /** Puts back, at the head of its lane, a task that was taken and can't be run by the worker that took it. */
    public void putBack(QueuedTask<?, ?> task) {
        acquire();
        try {
            if (!task.hasEnded()) {
                waiting.putBack(task);
            }
            finish(task);
            checkDrained();
        } finally {
            release();
        }
    }

    /** Has workers take no task until {@link #resume}. */
    public void pause() {
        acquire();
        try {
            paused = !closed;
        } finally {
            release();
        }
    }

    /** Ends a pause. */
    public void resume() {
        acquire();
        try {
            paused = false;
            callAll();
        } finally {
            release();
        }
    }

    /** Has a task that just ran wait for its back-off and run again; false if it has ended or everything was killed. */
    public boolean retry(QueuedTask<?, ?> task, Duration delay) {
        acquire();
        try {
            if (killed || !task.running2waiting()) {
                return false;
            }
            finish(task);
            task.armWaiting();
            if (delay.isZero()) {
                waiting.retry.add(task);
            } else {
                inBackoff.add(task);
                task.backoff = timer.after(delay, () -> endBackoff(task));
            }
            return true;
        } finally {
            release();
        }
    }

    /** Refuses new tasks from now on. Those that wait for room are refused too. */
    public void close() {
        acquire();
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

    /** Closes, refuses retries, and lists every task that has no answer yet, for the caller to cancel. */
    public List<QueuedTask<?, ?>> kill() {
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>();
        acquire();
        try {
            killed = true;
            closed = true;
            waiting.close(); // with the list, or a task offered after it would be in neither
            callAll();
            unanswered().forEach(unanswered::add);
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
     * Has an action run once, with the lock held, as soon as this is no longer at rest: a worker is called, or lent.
     *
     * @return false if it is not at rest: a worker is not waiting, a task is, or this is paused or closed
     */
    public boolean whenStirred(Runnable action) {
        acquire();
        try {
            boolean atRest = !paused && !closed && waiting.isEmpty() && idle.size() == seats.size();
            if (atRest) {
                whenStirred = action;
            }
            return atRest;
        } finally {
            release();
        }
    }

    /** Has idle workers ask again whether they have something to do. */
    public void wakeIdle() {
        acquire();
        try {
            callAll();
        } finally {
            release();
        }
    }

    /** Whether this thread is running one of the tasks, or what its caller hung on its future. */
    public boolean isRunningOn(Thread thread) {
        acquire();
        try {
            return allRunning().anyMatch(task -> task.runsOn(thread));
        } finally {
            release();
        }
    }

    /** The tasks that run now, on workers and on their callers' threads, abandoned ones included. */
    public List<QueuedTask<?, ?>> running() {
        acquire();
        try {
            return allRunning().toList();
        } finally {
            release();
        }
    }

    /** Looks at several counts at one moment, between two moves of tasks. */
    public <T> T between(Supplier<T> look) {
        acquire();
        try {
            return look.get();
        } finally {
            release();
        }
    }

    public Counts counts() {
        acquire();
        try {
            return new Counts(
                    waiting.main.size(),
                    waiting.priority.size(),
                    waiting.retry.size() + inBackoff.size(),
                    inBackoff.size(),
                    (int) onWorkers().count(),
                    waiting.accepted(),
                    paused);
        } finally {
            release();
        }
    }

    /** Takes out a task that was cancelled while it waited. */
    void remove(QueuedTask<?, ?> task) {
        acquire();
        try {
            // A thread may have taken it just before: that finds it ended, and leaves it.
            waiting.remove(task);
            if (task.lane == inBackoff) {
                inBackoff.remove(task);
            }
            if (task.backoff != null) {
                task.backoff.cancel();
                task.backoff = null;
            }
            checkDrained();
        } finally {
            release();
        }
    }

    private void endBackoff(QueuedTask<?, ?> task) {
        acquire();
        try {
            if (task.lane == inBackoff) {
                task.backoff = null;
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
            ledger.arrived(nowNanos);
        }
        return admission;
    }

    private @Nullable QueuedTask<?, ?> awaitNext(Seat seat) {
        boolean isPatient = false;
        while (!isOver() && !seat.getsUp()) {
            QueuedTask<?, ?> task = paused ? null : waiting.poll();
            if (task != null) {
                seat.running = task;
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
            idle.push(seat);
        }
        release();
        try {
            if (isPatient) {
                seat.awaitCall();
            } else {
                awaitArrival();
            }
        } finally {
            acquire();
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
        while (!idle.isEmpty()) {
            call(idle.element());
        }
    }

    private void call(Seat seat) {
        leaveIdle(seat);
        seat.call();
    }

    private void leaveIdle(Seat seat) {
        if (whenStirred != null) {
            whenStirred.run(); // first: where this wants memory and there is none, nothing has happened yet
            whenStirred = null;
        }
        idle.remove(seat);
    }

    /** Before a task is taken for it: this may want memory, and a task in no lane would be lost. */
    void register(Seat seat) {
        if (!seat.isTaken) {
            seat.isTaken = seats.add(seat);
        }
    }

    /** Takes a task out of what runs. */
    private void finish(QueuedTask<?, ?> task) {
        if (task.lane == onCallers || task.lane == struckOff) {
            task.lane.remove(task);
            return;
        }
        for (Seat seat : seats) {
            if (seat.running == task) {
                seat.running = null;
                return;
            }
        }
    }

    /** The same, where it most likely is the task of this seat. */
    private void finish(Seat seat, QueuedTask<?, ?> task) {
        if (seat.running == task) {
            seat.running = null;
        } else {
            finish(task);
        }
    }

    /** Ends this, and tells so, when it is closed and nothing is left. */
    private void checkDrained() {
        if (drained || !closed || unanswered().findAny().isPresent()) {
            return;
        }
        drained = true;
        callAll();
        onDrained.run();
    }

    private Stream<QueuedTask<?, ?>> onWorkers() {
        return seats.stream().<QueuedTask<?, ?>>map(seat -> seat.running).filter(Objects::nonNull);
    }

    private Stream<QueuedTask<?, ?>> unanswered() {
        return Stream.of(waiting.stream(), inBackoff.stream(), onWorkers(), onCallers.stream())
                .flatMap(tasks -> tasks);
    }

    private Stream<QueuedTask<?, ?>> allRunning() {
        return Stream.of(onWorkers(), onCallers.stream(), struckOff.stream()).flatMap(tasks -> tasks);
    }
}

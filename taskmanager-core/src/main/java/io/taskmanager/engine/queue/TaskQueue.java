package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
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

    private final String managerName;
    private final int priorityBurstLimit;
    private final Timer timer;
    private final Executor answers;
    private final Ledger ledger;
    private final Runnable onDrained;

    private final ReentrantLock lock = new ReentrantLock();

    // All below is guarded by lock.
    private final Lane retry = Lane.unbounded();
    private final Lane priority;
    private final Lane main;
    private final Lane inBackoff = Lane.unbounded();
    private final Lane onWorkers = Lane.unbounded();
    private final Lane onCallers = Lane.unbounded();
    /**
     * The idle workers, the last to become so first: its resource and its caches are the warmest. One that is lent is not
     * among them, and waits on as they do.
     */
    private final Deque<Seat> idle = new ArrayDeque<>();

    private boolean paused;
    private int priorityStreak;
    /** Running, and waited for no more. */
    private final Lane struckOff = Lane.unbounded();

    private long sequence;
    private long accepted;
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
        this.main = Lane.bounded(mainCapacity, lock.newCondition());
        this.priority = Lane.bounded(priorityCapacity, lock.newCondition());
        this.priorityBurstLimit = priorityBurstLimit;
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

    Executor answers() {
        return answers;
    }

    Ledger ledger() {
        return ledger;
    }

    Condition newCondition() {
        return lock.newCondition();
    }

    /** Adds a task to its lane, or says why not; never waits. */
    public Admission offer(QueuedTask<?, ?> task) {
        Admission admission;
        lock.lock();
        try {
            admission = admit(task);
        } finally {
            lock.unlock();
        }
        return recorded(admission);
    }

    /** Adds a task to its lane; waits for room at most {@code timeout}, null for without bound. */
    public Admission put(QueuedTask<?, ?> task, @Nullable Duration timeout) throws InterruptedException {
        Admission admission;
        lock.lockInterruptibly();
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
            admission = admit(task);
            while (admission == Admission.FULL && left > 0) {
                left = laneOf(task).awaitRoom(left);
                admission = admit(task);
            }
        } finally {
            lock.unlock();
        }
        return recorded(admission);
    }

    /**
     * Accepts a task and gives it to its caller to run, with the worker of a seat that is idle. The worker waits on until
     * {@link #giveBack}.
     *
     * @return null if no worker is idle, or may take a task now, or if another task comes first
     * @throws InterruptedException if the caller was interrupted before
     */
    public @Nullable Seat lend(QueuedTask<?, ?> task) throws InterruptedException {
        lock.lockInterruptibly();
        Seat seat;
        try {
            seat = closed || paused || isAnyWaiting() ? null : idle.peek();
            if (seat == null) {
                return null;
            }
            if (seat.getsUp()) {
                call(seat); // its resource has become old while it was idle, say
                return null;
            }
            idle.pop();
            Lane lane = laneOf(task);
            number(task);
            lane.add(task);
            onWorkers.add(Objects.requireNonNull(poll())); // itself, in turn as any other
        } finally {
            lock.unlock();
        }
        ledger.arrived();
        return seat;
    }

    /** Ends what {@link #lend} began: the worker is idle again, or gets up. For {@code done} see {@link #take}. */
    public void giveBack(Seat seat, @Nullable QueuedTask<?, ?> done) {
        lock.lock();
        try {
            if (done != null) {
                finish(done);
            }
            checkDrained();
            idle.push(seat);
            if (isOver() || seat.getsUp()) {
                call(seat);
            } else if (isAnyWaiting()) {
                callOne();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a task in that runs on its caller's thread; false if this is closed. Ended by {@link #leave}. */
    public boolean enter(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            task.sequence = ++sequence;
            onCallers.add(task);
        } finally {
            lock.unlock();
        }
        ledger.arrived();
        return true;
    }

    /** Ends what {@link #enter} or {@link #take} began. Not for a task that {@link #retry} has taken back. */
    public void leave(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            finish(task);
            checkDrained();
        } finally {
            lock.unlock();
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
        QueuedTask<?, ?> next;
        lock.lock();
        try {
            if (done != null) {
                finish(done);
            }
            checkDrained();
            next = awaitNext(seat);
        } finally {
            lock.unlock();
        }
        return next;
    }

    /** Strikes a task off that ignores its interrupt: nothing waits for it any more. Ended by {@link #returned}. */
    public void abandon(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            finish(task);
            struckOff.add(task);
            checkDrained();
        } finally {
            lock.unlock();
        }
    }

    /** An abandoned task has returned at last. */
    public void returned(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            finish(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a task that waits for a retry to the caller who ran its last attempt, as {@link #enter} does.
     *
     * @return false if it has ended meanwhile
     */
    public boolean takeBack(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            if (task.lane != retry) {
                return false;
            }
            retry.remove(task);
            onCallers.add(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Puts back, at the head of its lane, a task that was taken and can't be run by the worker that took it. */
    public void putBack(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            finish(task);
            if (!task.hasEnded()) {
                (task.attempts() > 0 ? retry : laneOf(task)).addFirst(task);
                callOne();
            }
            checkDrained();
        } finally {
            lock.unlock();
        }
    }

    /** Has workers take no task until {@link #resume}. */
    public void pause() {
        lock.lock();
        try {
            paused = !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a pause. */
    public void resume() {
        lock.lock();
        try {
            paused = false;
            callAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has a task that just ran wait for its back-off and run again; false if it has ended or everything was killed. */
    public boolean retry(QueuedTask<?, ?> task, Duration delay) {
        lock.lock();
        try {
            if (killed || !task.running2waiting()) {
                return false;
            }
            finish(task);
            task.armWaiting();
            if (delay.isZero()) {
                makeAvailable(task, retry);
            } else {
                inBackoff.add(task);
                task.backoff = timer.after(delay, () -> endBackoff(task));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses new tasks from now on. Those that wait for room are refused too. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            paused = false;
            callAll();
            main.signalAllRoom();
            priority.signalAllRoom();
            checkDrained();
        } finally {
            lock.unlock();
        }
    }

    /** Closes, refuses retries, and lists every task that has no answer yet, for the caller to cancel. */
    public List<QueuedTask<?, ?>> kill() {
        List<QueuedTask<?, ?>> unanswered = new ArrayList<>();
        lock.lock();
        try {
            killed = true;
            closed = true; // with the list, or a task offered after it would be in neither
            callAll();
            for (Lane lane : allLanes()) {
                lane.forEach(unanswered::add);
            }
        } finally {
            lock.unlock();
        }
        close();
        return unanswered;
    }

    /** Whether workers will get no more tasks: this was killed, or is closed and no task is left. */
    public boolean isOver() {
        return killed || drained;
    }

    /** Has idle workers ask again whether they have something to do. */
    public void wakeIdle() {
        lock.lock();
        try {
            callAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this thread is running one of the tasks, or what its caller hung on its future. */
    public boolean isRunningOn(Thread thread) {
        lock.lock();
        try {
            return Stream.of(onWorkers, onCallers, struckOff)
                    .anyMatch(lane -> lane.anyMatch(task -> task.runsOn(thread)));
        } finally {
            lock.unlock();
        }
    }

    /** The tasks that run now, on workers and on their callers' threads, abandoned ones included. */
    public List<QueuedTask<?, ?>> running() {
        List<QueuedTask<?, ?>> running = new ArrayList<>();
        lock.lock();
        try {
            Stream.of(onWorkers, onCallers, struckOff).forEach(lane -> lane.forEach(running::add));
        } finally {
            lock.unlock();
        }
        return running;
    }

    /** Looks at several counts at one moment, between two moves of tasks. */
    public <T> T between(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(
                    main.size(),
                    priority.size(),
                    retry.size() + inBackoff.size(),
                    inBackoff.size(),
                    onWorkers.size(),
                    accepted,
                    paused);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out a task that was cancelled while it waited. */
    void remove(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            // A thread may have taken it just before: that finds it ended, and leaves it.
            Lane lane = task.lane;
            if (lane != null && lane != onWorkers && lane != onCallers) {
                lane.remove(task);
            }
            if (task.backoff != null) {
                task.backoff.cancel();
                task.backoff = null;
            }
            checkDrained();
        } finally {
            lock.unlock();
        }
    }

    private void endBackoff(QueuedTask<?, ?> task) {
        lock.lock();
        try {
            if (task.lane == inBackoff) {
                task.backoff = null;
                inBackoff.remove(task);
                makeAvailable(task, retry);
            }
        } finally {
            lock.unlock();
        }
    }

    private Admission admit(QueuedTask<?, ?> task) {
        if (closed) {
            return Admission.CLOSED;
        }
        Lane lane = laneOf(task);
        if (lane.isFull()) {
            return Admission.FULL;
        }
        number(task);
        makeAvailable(task, lane);
        return Admission.ACCEPTED;
    }

    private void number(QueuedTask<?, ?> task) {
        accepted++;
        task.sequence = ++sequence;
        task.armWaiting();
    }

    /** Outside the lock, since a collector is user code. */
    private Admission recorded(Admission admission) {
        if (admission == Admission.ACCEPTED) {
            ledger.arrived();
        }
        return admission;
    }

    private Lane laneOf(QueuedTask<?, ?> task) {
        return switch (task.submittedTo()) {
            case MAIN -> main;
            case PRIORITY -> priority;
            case DIRECT -> throw new IllegalArgumentException("a direct task has no lane");
        };
    }

    private void makeAvailable(QueuedTask<?, ?> task, Lane lane) {
        lane.add(task);
        callOne();
    }

    private @Nullable QueuedTask<?, ?> awaitNext(Seat seat) {
        while (!isOver() && !seat.getsUp()) {
            QueuedTask<?, ?> task = paused ? null : poll();
            if (task != null) {
                onWorkers.add(task);
                return task;
            }
            awaitCall(seat);
        }
        // This worker may have been called for a task: then another must see to it.
        if (isAnyWaiting()) {
            callOne();
        }
        return null;
    }

    @SuppressWarnings("WaitNotInLoop") // it is in one
    private void awaitCall(Seat seat) {
        seat.idle = true;
        idle.push(seat);
        seat.sitsDown();
        while (seat.idle) {
            // Workers are interrupted for their task alone; an interrupt that finds them here is none of ours.
            seat.called.awaitUninterruptibly();
        }
    }

    private void callOne() {
        Seat seat = paused ? null : idle.peek();
        if (seat != null) {
            call(seat);
        }
    }

    private void callAll() {
        while (!idle.isEmpty()) {
            call(idle.element());
        }
    }

    private void call(Seat seat) {
        idle.remove(seat);
        seat.idle = false;
        seat.called.signal();
    }

    private boolean isAnyWaiting() {
        return !retry.isEmpty() || !priority.isEmpty() || !main.isEmpty();
    }

    private @Nullable QueuedTask<?, ?> poll() {
        QueuedTask<?, ?> task = retry.poll();
        if (task != null) {
            return task;
        }
        boolean mainIsDue = priorityBurstLimit > 0 && priorityStreak >= priorityBurstLimit && !main.isEmpty();
        if (priority.isEmpty() || mainIsDue) {
            priorityStreak = 0;
            return main.poll();
        }
        priorityStreak++;
        return priority.poll();
    }

    private void finish(QueuedTask<?, ?> task) {
        Lane lane = task.lane;
        if (lane != null) {
            lane.remove(task);
        }
    }

    /** Ends this, and tells so, when it is closed and nothing is left. */
    private void checkDrained() {
        if (drained || !closed) {
            return;
        }
        for (Lane lane : allLanes()) {
            if (!lane.isEmpty()) {
                return;
            }
        }
        drained = true;
        callAll();
        onDrained.run();
    }

    private List<Lane> allLanes() {
        return List.of(retry, priority, main, inBackoff, onWorkers, onCallers);
    }
}

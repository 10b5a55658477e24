package io.taskmanager.engine.queue;

import io.taskmanager.engine.metrics.Ledger;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks are accepted, wait in their lanes, and are accounted for until they have their answer. One lock guards it all,
 * the {@link Dispatcher}'s; what is pending is in {@link PendingTasks}; who runs it comes through {@link WorkerSlots}.
 */
public final class TaskQueue {

    private final String managerName;
    private final Object owner;
    private final Timer timer;
    private final Executor answers;
    private final Ledger ledger;

    /** The last number given to a task without a name, for whoever asked what it is called. */
    private final AtomicLong lastNumber = new AtomicLong();

    private final Dispatcher dispatcher;
    private final WaitingLanes waiting;
    private final PendingTasks pending;
    private final WorkerSlots workers;

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
        this.timer = timer;
        this.answers = answers;
        this.ledger = ledger;
        this.dispatcher = new Dispatcher(mainCapacity, priorityCapacity, priorityBurstLimit, ledger);
        this.waiting = dispatcher.waiting;
        this.pending = new PendingTasks(dispatcher, onDrained);
        this.workers = new WorkerSlots(dispatcher, pending);
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

    /** Those who take the tasks. */
    public WorkerSlots workers() {
        return workers;
    }

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

    // -- submitters ------------------------------------------------------------------------------------------------

    /** Adds a task to its lane, or says why not; never waits. */
    public Admission offer(QueuedTask<?, ?> task) {
        if (dispatcher.arrives(task)) {
            return recorded(Admission.ACCEPTED);
        }
        Admission admission;
        dispatcher.lock();
        try {
            admission = admit(task);
        } finally {
            dispatcher.release();
        }
        return recorded(admission);
    }

    /** Adds a task to its lane; waits for room at most {@code timeout}, null for without bound. */
    public Admission put(QueuedTask<?, ?> task, @Nullable Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (dispatcher.arrives(task)) {
            return recorded(Admission.ACCEPTED);
        }
        Admission admission;
        dispatcher.lock();
        try {
            long left = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
            admission = admit(task);
            while (admission == Admission.FULL && left > 0) {
                left = waiting.of(task).awaitRoom(left);
                task.offeredAt(timer.nanos());
                admission = admit(task);
            }
        } finally {
            dispatcher.release();
        }
        return recorded(admission);
    }

    private Admission admit(QueuedTask<?, ?> task) {
        if (pending.isClosed()) {
            return Admission.CLOSED;
        }
        return waiting.admit(task) ? Admission.ACCEPTED : Admission.FULL;
    }

    /** Outside the lock, since a collector is user code. */
    private Admission recorded(Admission admission) {
        if (admission == Admission.ACCEPTED) {
            ledger.accepted();
        }
        return admission;
    }

    /**
     * A task was accepted that is in no lane: a worker was {@linkplain WorkerSlots#claim claimed} for it, say. Outside the lock,
     * as above.
     */
    public void arrived(long nowNanos) {
        ledger.arrived(nowNanos);
    }

    /** Counts a task in that runs on its caller's thread from now on; false if this is closed. Ended by {@link #leave}. */
    public boolean enter(QueuedTask<?, ?> task, long nowNanos) {
        dispatcher.lock();
        try {
            if (pending.isClosed()) {
                return false;
            }
            pending.onCallers.add(task);
        } finally {
            dispatcher.release();
        }
        arrived(nowNanos);
        return true;
    }

    /** Ends what {@link #enter} began, if it has not ended: {@link #retry} has requeued the task, say. */
    public void leave(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            if (task.lane == pending.onCallers) {
                pending.onCallers.remove(task);
            }
            pending.checkDrained();
        } finally {
            dispatcher.release();
        }
    }

    // -- retries ---------------------------------------------------------------------------------------------------

    /**
     * Has a task that just ran wait for its back-off and run again; false if it has ended or everything was killed.
     *
     * @param slot of the worker that ran it, if it was one
     * @param endedNanos when it ended
     */
    public boolean retry(QueuedTask<?, ?> task, @Nullable WorkerSlot slot, Duration delay, long endedNanos) {
        dispatcher.lock();
        try {
            // First: where there is no memory, the task still has its attempt. What ends the back-off waits for this.
            Timer.Cancellable backoff = delay.isZero() ? null : timer.after(delay, () -> endBackoff(task));
            if (pending.isKilled() || !task.running2waiting(endedNanos, backoff)) {
                if (backoff != null) {
                    backoff.cancel();
                }
                return false;
            }
            if (slot != null) {
                boolean unused = pending.end(slot, task);
            } else if (task.lane == pending.onCallers) {
                pending.onCallers.remove(task);
            }
            (backoff == null ? waiting.retry : pending.inBackoff).add(task);
            task.armWaitingAgain();
            return true;
        } finally {
            dispatcher.release();
        }
    }

    private void endBackoff(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            if (task.lane == pending.inBackoff) {
                Timer.Cancellable unused = task.leaveBackoff();
                pending.inBackoff.remove(task);
                waiting.retry.add(task);
            }
        } finally {
            dispatcher.release();
        }
    }

    /**
     * Dequeues a task that waits for a retry, for the caller who ran its last attempt, as {@link #enter} does.
     *
     * @return false if it has ended meanwhile
     */
    public boolean dequeueRetry(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            if (task.lane != waiting.retry) {
                return false;
            }
            waiting.retry.remove(task);
            pending.onCallers.add(task);
            return true;
        } finally {
            dispatcher.release();
        }
    }

    /** Takes out a task that was cancelled while it waited. */
    void remove(QueuedTask<?, ?> task) {
        dispatcher.lock();
        try {
            waiting.admitArrivals();
            // A thread may have taken it just before: that finds it ended, and leaves it.
            waiting.removeWaiting(task);
            if (task.lane == pending.inBackoff) {
                pending.inBackoff.remove(task);
            }
            Timer.Cancellable backoff = task.leaveBackoff();
            if (backoff != null) {
                backoff.cancel();
            }
            pending.checkDrained();
        } finally {
            dispatcher.release();
        }
    }

    // -- control ---------------------------------------------------------------------------------------------------

    /** Has workers take no task until {@link #resume}. Nothing once this is closed. */
    public void pause() {
        dispatcher.lock();
        try {
            if (!pending.isClosed()) {
                dispatcher.pause(timer.nanos());
            }
        } finally {
            dispatcher.release();
        }
    }

    /** Ends a pause. */
    public void resume() {
        dispatcher.lock();
        try {
            dispatcher.resume();
        } finally {
            dispatcher.release();
        }
    }

    /** Since when no worker takes a task, by the manager's clock; empty if this is not paused. */
    public OptionalLong pausedSince() {
        return between(dispatcher::pausedSince);
    }

    /** Refuses new tasks from now on. Those that wait for room are refused too. */
    public void close() {
        dispatcher.lock();
        try {
            pending.close();
            waiting.close();
            dispatcher.resume();
            pending.checkDrained();
        } finally {
            dispatcher.release();
        }
    }

    /**
     * Closes, refuses retries, and lists every task that has no answer yet, for the caller to cancel. May be called again
     * where it failed for want of memory, and then fills the list or leaves it as it is.
     *
     * <p>A task whose retry is refused is nowhere any more but in that list: so retries are refused no sooner than the list is
     * whole, and it is made no second time.
     *
     * @param unanswered the same for each call
     */
    public void kill(List<? super QueuedTask<?, ?>> unanswered) {
        dispatcher.lock();
        try {
            pending.close();
            waiting.close(); // with the list, or a task offered after it would be in neither
            if (!pending.isKilled()) {
                unanswered.clear();
                pending.copyTo(unanswered);
                pending.kill();
            }
            dispatcher.idle.wakeAll();
        } finally {
            dispatcher.release();
        }
        close();
    }

    /** Whether workers will get no more tasks: this was killed, or is closed and no task is left. */
    public boolean isOver() {
        return pending.isOver();
    }

    // -- looks -----------------------------------------------------------------------------------------------------

    /** The tasks that run now, on workers and on their callers' threads, abandoned ones included. */
    public List<QueuedTask<?, ?>> running() {
        return between(pending::running);
    }

    /** The tasks that wait for their first start or for another attempt. */
    public List<QueuedTask<?, ?>> waiting() {
        return between(pending::waiting);
    }

    /** Looks at several counts at one moment, between two moves of tasks. */
    public <T> T between(Supplier<T> look) {
        dispatcher.lock();
        try {
            return look.get();
        } finally {
            dispatcher.release();
        }
    }

    /** Has each task counted that a lane has accepted so far: that is done when it comes into the lane. */
    public void countArrivals() {
        dispatcher.lock();
        try {
            waiting.admitArrivals();
        } finally {
            dispatcher.release();
        }
    }

    public Counts counts() {
        return between(this::count);
    }

    private Counts count() {
        return new Counts(
                waiting.mainSize(),
                waiting.prioritySize(),
                waiting.retry.size() + pending.inBackoff.size(),
                pending.inBackoff.size(),
                pending.busyWorkers(),
                pending.accepted(),
                dispatcher.isPaused());
    }
}

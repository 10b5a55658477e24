package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskOutcome;
import io.taskmanager.WorkerInfo;
import io.taskmanager.WorkerInfo.State;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.execution.TaskRunner;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.resource.FactoryCalls;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.ThreadIdentity;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one resource, running one task after the other. All fields but those marked are its thread's own. While
 * that thread is parked, a caller may borrow the worker and run its own task with it: then they are the caller's, who claims
 * and releases them with the slot.
 *
 * <p>No frame below the wait for a task, and no field, refers to the last one: an idle worker keeps nothing of it.
 */
final class Worker<R> extends WorkerSlot implements Runnable {

    private final WorkerPool<R> pool;

    final WorkerJournal journal;

    /** The worker that goes when this one has its resource, which is to take its place. */
    final @Nullable Worker<R> predecessor;

    private final TaskRunner<R> runner;

    /** Its thread as it was before the first task. Written once, by that. */
    private @Nullable ThreadIdentity identity;

    /** Written by its thread; read by whoever asks for its state. */
    volatile @Nullable ResourceHolder<R> holder;

    /** Whether a task may wait for the resource that it has just created. */
    private boolean isNeeded;

    /** Whether its resource is not to be used again. */
    private boolean spoiled;

    /** Whether a caller has borrowed it. */
    private boolean lent;

    // Guarded by the pool's lock.
    /** Whether this worker was one too many, and has been told. */
    boolean retiring;
    /** Whether it is counted among the active ones. */
    boolean active;
    /** Whether it waits for its turn to renew its resource. */
    boolean awaitsRenewal;
    /** Whose turn comes after it, then. */
    @Nullable
    Worker<R> nextToRenew;
    /** Whether it has gone, and counts no more. */
    boolean gone;

    /** Whether this worker was abandoned, since a task or the factory would not return. Written under the pool's lock, once. */
    volatile boolean abandoned;

    /** The task that would not return, if it was one. Written before that. */
    @Nullable
    QueuedTask<?, ?> stuckTask;

    /** Its thread, from its first step on. */
    volatile @Nullable Thread thread;

    // Made before there may be no memory.
    private final Runnable onHungCall = this::abandonForCall;
    private final Runnable onDestroyed = this::abandonUnlessHere;
    private final Runnable onLastDestroyed = this::exited;

    Worker(WorkerPool<R> pool, int id, @Nullable Worker<R> predecessor) {
        this.pool = pool;
        this.journal = new WorkerJournal(id);
        this.predecessor = predecessor;
        this.runner = new TaskRunner<>(pool.rules, task -> pool.departures.abandon(this, task), onHungCall);
    }

    /** Whatever is thrown, this thread goes on until it has left the pool: each step can be made again. */
    @Override
    public void run() {
        boolean gone = false;
        while (!gone) {
            try {
                thread = Thread.currentThread();
                Frame.restore(null);
                Frame.enter(pool.owner);
                identity = identity == null ? new ThreadIdentity() : identity;
                work();
                exit();
                gone = true;
            } catch (Throwable e) {
                recover(e);
            }
        }
    }

    /** Returns when the queue is over, this worker retires, or its task was abandoned. */
    private void work() {
        boolean stays = settleResource();
        while (stays) {
            stays = serve() && settleResource();
        }
    }

    /** Takes a task, and runs it; false if this worker is to go. */
    private boolean serve() {
        QueuedTask<?, ?> task = pool.slots.take(this);
        if (task != null) {
            runOrRequeue(task, pool.nanos());
        }
        return !isToGo();
    }

    /**
     * User code is guarded, so this is an error of the JVM (no memory, say) or of the engine. The task is answered, the
     * resource is not used again, and the worker goes on.
     */
    private void recover(Throwable error) {
        spoiled = holder != null;
        while (!isAnswered(error)) {
            Surely.pause(); // its caller would wait for ever
        }
        try {
            pool.logger.errorf("a worker failed, and goes on with another resource: %s", Guard.describe(error), error);
        } catch (Throwable inLog) {
            // There is no memory to say it; it is in the answer of the task.
        }
        if (!pool.queue.isOver()) {
            Surely.pause(); // an error that comes again at once must not keep a processor busy
        }
    }

    /** Answers the task that was being run, if any. Says whether that is done. */
    private boolean isAnswered(Throwable error) {
        try {
            QueuedTask<?, ?> task = abandoned ? null : pool.slots.runningOn(this);
            if (task != null) {
                task.failInEngine(error, pool.nanos());
            }
            return true;
        } catch (Throwable again) {
            return false;
        }
    }

    /** Runs a task on its caller's thread, which has borrowed this worker for it. */
    void runForCaller(QueuedTask<?, ?> task) {
        lent = true;
        try {
            pool.queue.arrived(task.queuedNanos());
            runOrRequeue(task, task.queuedNanos()); // just now
        } catch (Throwable e) {
            recover(e);
        } finally {
            lent = false;
            pool.slots.release(this, task);
        }
    }

    @Override
    protected boolean hasOtherWork() {
        ResourceHolder<R> current = holder;
        return spoiled
                || abandoned
                || pool.retires(this)
                || (current != null && pool.renewals.canBegin(this, current, isNeeded));
    }

    /** By the timer's thread: the factory has not returned for so long that nobody counts on this worker any more. */
    private void abandonForCall() {
        pool.departures.abandon(this);
    }

    /** A resource of this worker counts no more: destroyed by its own thread, or abandoned by the timer's. */
    private void abandonUnlessHere() {
        if (Thread.currentThread() != thread) {
            abandonForCall();
        }
    }

    @Override
    protected void foundNothing() {
        isNeeded = false;
    }

    @Override
    protected void parks() {
        ResourceHolder<R> current = holder;
        if (current != null) {
            current.rests();
        }
    }

    /** Sees to it that there is a resource that can be used; false if this worker is to go. */
    private boolean settleResource() {
        ResourceHolder<R> current = holder;
        if (current != null && spoiled) {
            pool.slots.leave(this); // its task waits for nothing that happens to the resource
            giveUp(current, Cause.BROKEN);
        } else if (current != null && pool.renewals.canBegin(this, current, isNeeded)) {
            pool.slots.leave(this);
            renew(current);
        }
        return holder != null || createResource();
    }

    private void runOrRequeue(QueuedTask<?, ?> task, long nowNanos) {
        ResourceHolder<R> current = Objects.requireNonNull(holder);
        long start = nowNanos;
        if (pool.resources.isDueForValidation(current)) {
            if (!pool.resources.isValid(current, onHungCall)) {
                spoiled = true;
                pool.slots.requeue(this);
                return;
            }
            start = pool.nanos();
        }
        isNeeded = false;
        spoiled = !runOne(cast(task), current, start);
    }

    /** Says whether the resource can be used again. */
    private <T extends @Nullable Object> boolean runOne(
            QueuedTask<R, T> task, ResourceHolder<R> current, long started) {
        restoreThread(); // what user code called around the last answer left behind
        journal.began(started);
        Outcome outcome = runner.run(task, current, started, lent);
        if (outcome == null || stuckTask != null) {
            journal.ended(task.ending());
            return true;
        }
        restoreThread(); // what the task left behind is not for what comes next
        journal.ran(outcome.finishedNanos() - started);
        boolean requeued = pool.outcomes.handle(task, this, outcome, lent);
        journal.ended(requeued ? TaskOutcome.FAILED : task.ending());
        return outcome.reusable() && isReset(current);
    }

    private boolean isReset(ResourceHolder<R> used) {
        if (!pool.resources.resets()) {
            return true;
        }
        pool.slots.leave(this); // its task waits for nothing that happens to the resource
        return pool.queue.isOver() || pool.resources.reset(used, onHungCall);
    }

    /** A caller's thread is the caller's own, its interrupt too. */
    private void restoreThread() {
        if (!lent && identity != null) {
            Thread.interrupted();
            identity.restore();
        }
    }

    /** The queue holds tasks of its manager alone, whose resources are R. */
    @SuppressWarnings("unchecked")
    private static <R, T extends @Nullable Object> QueuedTask<R, T> cast(QueuedTask<?, ?> task) {
        return (QueuedTask<R, T>) task;
    }

    /** The next round creates another. */
    private void giveUp(ResourceHolder<R> old, Cause cause) {
        holder = null;
        spoiled = false;
        pool.resourceLost(this);
        pool.destructions.destroy(old, cause, onDestroyed);
    }

    /** While a replacement can't be created, an old resource serves on, if there was room to try it without losing that. */
    private void renew(ResourceHolder<R> old) {
        Renewal renewal = pool.renewals.begin(this, old);
        try {
            switch (renewal) {
                case NOT_NOW, BY_SUCCESSOR -> {} // it serves on
                case SWAP -> {
                    giveUp(old, Cause.OLD);
                    createResource();
                }
                case OVERLAP -> {
                    ResourceHolder<R> fresh = tryToCreate(0);
                    if (fresh != null) {
                        holder = fresh;
                        pool.destructions.destroy(old, Cause.OLD, onDestroyed);
                    }
                }
            }
        } finally {
            pool.renewals.end(renewal);
        }
    }

    /** Tries until it has a resource; false if this worker is to go. */
    private boolean createResource() {
        while (!isToGo()) {
            ResourceHolder<R> created = tryToCreate(Long.MAX_VALUE);
            if (created != null) {
                isNeeded = true;
                holder = created;
                pool.resourceGained(this);
                return true;
            }
        }
        return false;
    }

    private @Nullable ResourceHolder<R> tryToCreate(long nanos) {
        Thread.interrupted(); // none of ours
        try {
            return pool.resources.create(this::isToGo, nanos, onHungCall);
        } catch (ResourceCreationException | InterruptedException e) {
            return null; // logged
        }
    }

    private boolean isToGo() {
        return abandoned || pool.queue.isOver() || pool.retires(this);
    }

    /** The only way out: answers nothing, since an ended task was answered and any other is still in the queue. */
    private void exit() {
        boolean isOver = pool.queue.isOver();
        pool.slots.remove(this); // before the destruction, which may hang, and is none of the task's
        ResourceHolder<R> last = holder;
        if (last != null) {
            pool.resourceLost(this);
            Cause cause = isOver ? Cause.SHUTDOWN : Cause.SURPLUS;
            pool.resources.destroy(last, spoiled || abandoned ? Cause.BROKEN : cause, onLastDestroyed);
        }
        pool.departures.exited(this);
    }

    private void exited() {
        pool.departures.exited(this);
    }

    /** What it is doing; by any thread. */
    WorkerInfo info(long nowNanos, boolean burst) {
        ResourceHolder<R> current = holder;
        long busyNanos = journal.busyNanos(nowNanos);
        FactoryCalls.UnderWay call = pool.resources.calls().of(thread, current);
        State idleOrBusy = busyNanos < 0 ? State.IDLE : State.BUSY;
        QueuedTask<?, ?> task = busyNanos < 0 ? null : pool.slots.runningOn(this);
        return new WorkerInfo(
                journal.id(),
                burst,
                call != null ? stateIn(call.kind()) : current == null ? State.STARTING : idleOrBusy,
                task == null ? null : task.name(),
                busyNanos < 0 ? null : Duration.ofNanos(busyNanos),
                current == null ? null : Duration.ofNanos(current.ageNanos(nowNanos)),
                current == null ? 0 : current.uses(),
                current == null ? 0 : current.generation(),
                journal.lastOutcomes());
    }

    private static State stateIn(FactoryCalls.Kind kind) {
        return switch (kind) {
            case CREATION -> State.CREATING;
            case VALIDATION, HEALTH_CHECK, RETRY_POLICY -> State.VALIDATING;
            case RESET -> State.RESETTING;
            case DESTRUCTION -> State.DESTROYING;
        };
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskOutcome;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.Seat;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.worker.WorkerPool.Renewal;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one resource, running one task after the other. All fields but those marked are its thread's own. While
 * that thread waits for a task, a caller may borrow the worker and run its own with it: then they are the caller's, who
 * gets them and gives them back under the queue's lock.
 */
final class Worker<R> extends Seat implements Runnable {

    private final WorkerPool<R> pool;

    final WorkerJournal journal;

    private final Consumer<QueuedTask<?, ?>> onStuck;

    /** Written by its thread; read by whoever asks for its state. */
    volatile @Nullable ResourceHolder<R> holder;

    /** The task that it runs, or has run and not left yet. */
    private @Nullable QueuedTask<?, ?> done;

    /** Whether its resource is not to be used again. */
    private boolean spoiled;

    /** Whether a caller has borrowed it. */
    private boolean lent;

    /** Guarded by the pool's lock: whether this worker was one too many, and has been told. */
    boolean retiring;

    /** Whether this worker was struck off with a task that would not end. Written under the pool's lock, once. */
    volatile boolean abandoned;

    // Guarded by this worker's monitor: a kill interrupts a creation under way, and nothing that comes after it.
    private @Nullable Thread creator;

    Worker(WorkerPool<R> pool, int id) {
        this.pool = pool;
        this.journal = new WorkerJournal(id);
        this.onStuck = task -> pool.abandon(this, task);
    }

    @Override
    public void run() {
        try {
            work();
        } catch (Throwable e) {
            failed(e);
        } finally {
            exit();
        }
    }

    /** User code is guarded, so this is an error of the JVM (no memory, say) or of the engine. */
    private void failed(Throwable e) {
        pool.logger.errorf("a worker failed and will be replaced: %s", Guard.describe(e), e);
        if (done != null) {
            done.fail(new TaskExecutionException("the worker of task \"" + done.name() + "\" failed", e), pool.nanos());
        }
    }

    /** Returns when the queue is over, this worker retires, or its task was abandoned. */
    private void work() {
        while (settleResource()) {
            QueuedTask<?, ?> justDone = done;
            done = null;
            QueuedTask<?, ?> task = pool.queue.take(this, justDone);
            if (task != null) {
                runOrPutBack(task, pool.nanos());
            }
            if (abandoned || isToGo()) {
                return;
            }
        }
    }

    /** Runs a task on its caller's thread, which has borrowed this worker for it. */
    void runForCaller(QueuedTask<?, ?> task) {
        lent = true;
        try {
            runOrPutBack(task, task.queuedNanos()); // just now
        } catch (Throwable e) {
            failed(e);
            spoiled = true;
        } finally {
            lent = false;
            QueuedTask<?, ?> justDone = abandoned ? null : done; // an abandoned one is left in exit()
            if (!abandoned) {
                done = null;
            }
            pool.queue.giveBack(this, justDone);
        }
    }

    @Override
    protected boolean getsUp() {
        ResourceHolder<R> current = holder;
        return spoiled || abandoned || pool.retires(this) || (current != null && pool.canRenew(current));
    }

    @Override
    protected void sitsDown() {
        ResourceHolder<R> current = holder;
        if (current != null) {
            current.rests();
        }
    }

    /** Sees to it that there is a resource that can be used; false if this worker is to go. */
    private boolean settleResource() {
        ResourceHolder<R> current = holder;
        if (current != null && spoiled) {
            leaveDone(); // no task waits for what happens to the resource
            giveUp(current, Cause.BROKEN);
        } else if (current != null && pool.canRenew(current)) {
            renew(current);
        }
        return holder != null || createResource();
    }

    private void runOrPutBack(QueuedTask<?, ?> task, long nowNanos) {
        ResourceHolder<R> current = Objects.requireNonNull(holder);
        long start = nowNanos;
        done = task;
        if (pool.resources.isDueForValidation(current)) {
            if (!pool.resources.isValid(current.resource())) {
                spoiled = true;
                pool.queue.putBack(task);
                done = null;
                return;
            }
            start = pool.nanos();
        }
        spoiled = !runOne(cast(task), current, start);
    }

    /** Says whether the resource can be used again. */
    private <T extends @Nullable Object> boolean runOne(
            QueuedTask<R, T> task, ResourceHolder<R> current, long started) {
        clearInterrupt(); // what user code called around the last answer left behind
        journal.began(started);
        Outcome<T> outcome = pool.runner.run(task, current, started, lent, onStuck);
        if (outcome == null || abandoned) {
            journal.ended(task.ending());
            return true;
        }
        clearInterrupt(); // what the task left behind is not for what comes next
        journal.ran(outcome.finishedNanos() - outcome.startedNanos());
        if (pool.outcomes.handle(task, outcome)) {
            done = null;
        }
        journal.ended(done == null ? TaskOutcome.FAILED : task.ending());
        return outcome.reusable();
    }

    /** On a caller's thread, the interrupt is the caller's. */
    private void clearInterrupt() {
        if (!lent) {
            Thread.interrupted();
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
        pool.resourceLost();
        pool.resources.destroy(old, cause);
    }

    /** While a replacement can't be created, an old resource serves on, if there was room to try it without losing that. */
    private void renew(ResourceHolder<R> old) {
        Renewal renewal = pool.beginRenewal();
        if (renewal == Renewal.NOT_NOW) {
            return;
        }
        try {
            if (renewal == Renewal.SWAP) {
                giveUp(old, Cause.OLD);
                createResource();
            } else {
                ResourceHolder<R> fresh = tryToCreate(0);
                if (fresh != null) {
                    holder = fresh;
                    pool.resources.destroy(old, Cause.OLD);
                }
            }
        } finally {
            pool.endRenewal(renewal);
        }
    }

    /** Tries until it has a resource; false if this worker is to go. */
    private boolean createResource() {
        while (!isToGo()) {
            ResourceHolder<R> created = tryToCreate(Long.MAX_VALUE);
            if (created != null) {
                holder = created;
                pool.resourceGained();
                return true;
            }
        }
        return false;
    }

    private @Nullable ResourceHolder<R> tryToCreate(long nanos) {
        try {
            beginCreation();
            return pool.resources.create(this::isToGo, nanos);
        } catch (ResourceCreationException | InterruptedException e) {
            // A kill interrupts, and waits for nothing that a factory has to say about that.
            if (!pool.queue.isOver()) {
                pool.logger.warnf("%s", String.valueOf(e.getMessage()), e);
            }
            return null;
        } finally {
            endCreation();
        }
    }

    private boolean isToGo() {
        return pool.queue.isOver() || pool.retires(this);
    }

    private synchronized void beginCreation() {
        Thread.interrupted();
        creator = Thread.currentThread();
    }

    private synchronized void endCreation() {
        creator = null;
        Thread.interrupted();
    }

    /** Called by a kill. */
    synchronized void interruptCreation() {
        if (creator != null) {
            creator.interrupt();
        }
    }

    private void leaveDone() {
        if (done != null) {
            pool.queue.leave(done);
            done = null;
        }
    }

    /** The only way out: answers nothing, since an ended task was answered and any other is still in the queue. */
    private void exit() {
        ResourceHolder<R> last = holder;
        if (abandoned) {
            pool.queue.vacate(this);
            pool.resources.destroy(Objects.requireNonNull(last), Cause.BROKEN);
            pool.returned(Objects.requireNonNull(done));
            return;
        }
        boolean isOver = pool.queue.isOver();
        leaveDone();
        pool.queue.vacate(this); // before the destruction, which may hang, and is none of the task's
        if (last != null) {
            pool.resourceLost();
            pool.resources.destroy(last, spoiled ? Cause.BROKEN : isOver ? Cause.SHUTDOWN : Cause.SURPLUS);
        }
        pool.exited(this);
    }
}

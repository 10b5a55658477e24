package io.taskmanager.engine.worker;

import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.engine.execution.Outcome;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.resource.ResourceHolder;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread with one resource, running one task after the other. All fields but those marked are its thread's own. */
final class Worker<R> implements Runnable {

    private final WorkerPool<R> pool;
    private final BooleanSupplier retires;
    private @Nullable ResourceHolder<R> holder;
    /** The task that it runs, or has run and not left yet. */
    private @Nullable QueuedTask<?, ?> done;

    /** Guarded by the pool's lock: whether this worker was one too many, and has been told. */
    boolean retiring;

    /** Whether this worker was struck off with a task that would not end. Written under the pool's lock, once. */
    volatile boolean abandoned;

    // Guarded by this worker's monitor: a kill interrupts a creation under way, and nothing that comes after it.
    private @Nullable Thread creator;

    Worker(WorkerPool<R> pool) {
        this.pool = pool;
        this.retires = () -> pool.retires(this);
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
        pool.logger.errorf("a worker failed and will be replaced: %s", e.toString(), e);
        if (done != null) {
            done.fail(new TaskExecutionException("the worker of task \"" + done.name() + "\" failed", e), pool.nanos());
        }
    }

    /** Returns when the queue is over or this worker retires. */
    private void work() {
        while (true) {
            ResourceHolder<R> current = holder != null ? holder : createResource();
            if (current == null) {
                return;
            }
            QueuedTask<?, ?> justDone = done;
            done = null;
            QueuedTask<?, ?> task = pool.queue.take(justDone, retires);
            if (task == null) {
                return;
            }
            done = task;
            boolean reusable = runOne(cast(task), current);
            if (abandoned) {
                return;
            }
            if (!reusable) {
                replaceResource(current);
            }
        }
    }

    /** Says whether the resource can be used again. */
    private <T extends @Nullable Object> boolean runOne(QueuedTask<R, T> task, ResourceHolder<R> current) {
        Outcome<T> outcome = pool.runner.run(task, current, () -> pool.abandon(this, task));
        if (outcome == null || abandoned) {
            return true;
        }
        Thread.interrupted(); // what the task left behind is not for what comes next
        pool.ran(outcome.finishedNanos() - outcome.startedNanos());
        if (pool.outcomes.handle(task, outcome)) {
            done = null;
        }
        return outcome.reusable();
    }

    /** The queue holds tasks of its manager alone, whose resources are R. */
    @SuppressWarnings("unchecked")
    private static <R, T extends @Nullable Object> QueuedTask<R, T> cast(QueuedTask<?, ?> task) {
        return (QueuedTask<R, T>) task;
    }

    /** The next round creates another. Not busy any more: no task waits for what happens to the resource. */
    private void replaceResource(ResourceHolder<R> broken) {
        leaveDone();
        holder = null;
        pool.resourceLost();
        pool.resources.destroy(broken);
        if (pool.logger.isDebugEnabled()) {
            pool.logger.debugf("replacing an unhealthy resource");
        }
    }

    /** Tries until it has a resource; null if this worker is to go. */
    private @Nullable ResourceHolder<R> createResource() {
        while (!isToGo()) {
            try {
                beginCreation();
                ResourceHolder<R> created = pool.resources.create(this::isToGo, Long.MAX_VALUE);
                if (created != null) {
                    holder = created;
                    pool.resourceGained();
                    return created;
                }
            } catch (ResourceCreationException | InterruptedException e) {
                // A kill interrupts, and waits for nothing that a factory has to say about that.
                if (!pool.queue.isOver()) {
                    pool.logger.warnf("%s", String.valueOf(e.getMessage()), e);
                }
            } finally {
                endCreation();
            }
        }
        return null;
    }

    private boolean isToGo() {
        return pool.queue.isOver() || retires.getAsBoolean();
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
        if (abandoned) {
            pool.resources.destroy(Objects.requireNonNull(holder));
            pool.returned();
            return;
        }
        if (holder != null) {
            pool.resourceLost();
            pool.resources.destroy(holder);
        }
        leaveDone();
        pool.exited(this);
    }
}

package io.taskmanager.engine.execution;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.InterruptHook;
import io.taskmanager.engine.support.Threads;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as its task and its canceller see it.
 *
 * <p>A canceller and the thread of the attempt race: without care, an interrupt meant for this task, or an action such
 * as closing a statement, would reach the next one on the same thread and resource. So the canceller acts only between
 * the start and the end of the attempt, and {@link #end} waits for actions that have begun.
 */
final class AttemptContext implements TaskContext, Attempt {

    private final QueuedTask<?, ?> task;
    private final int attempt;
    private final Thread thread;
    private final Guard guard;
    private final Timer timer;
    private final Duration stuckTaskGrace;
    private final Consumer<QueuedTask<?, ?>> onStuck;

    /** Null on a worker's own thread, which only the engine interrupts. */
    private final @Nullable InterruptHook hook;

    /** The attempt that this thread makes, and that has called into this one. */
    private final @Nullable AttemptContext outer;

    /** The attempt that this one has called into, and whose hook is in place. Only for this thread. */
    private @Nullable AttemptContext inner;

    /** Goes from false to true, in any thread. */
    private volatile boolean cancelled;

    /** Whether somebody interrupted the caller on whose thread this runs. Written by the hook. */
    private volatile boolean callerInterrupted;

    /** Whether there was ever an action: so that the hook, which may take no lock, knows. */
    private volatile boolean hasActions;

    // Guarded by this object's monitor.
    private @Nullable List<Runnable> actions;
    private int actionsRunning;
    private Timer.@Nullable Cancellable stuckWatch;
    private boolean interrupted;
    private boolean stuck;
    private boolean ended;

    AttemptContext(
            QueuedTask<?, ?> task,
            int attempt,
            Thread thread,
            Guard guard,
            Timer timer,
            Duration stuckTaskGrace,
            Consumer<QueuedTask<?, ?>> onStuck,
            boolean onCaller,
            @Nullable AttemptContext outer) {
        this.task = task;
        this.attempt = attempt;
        this.thread = thread;
        this.guard = guard;
        this.timer = timer;
        this.stuckTaskGrace = stuckTaskGrace;
        this.onStuck = onStuck;
        this.hook = onCaller ? new InterruptHook(this::callerInterrupted) : null;
        this.outer = outer;
    }

    /** Whether this attempt, or one that has called into it, is of the manager with this guard. */
    boolean isWithin(Guard managersGuard) {
        return guard == managersGuard || (outer != null && outer.isWithin(managersGuard));
    }

    /** Whether the thread is its caller's, and interrupted now. By that thread. */
    boolean isOnInterruptedCaller() {
        return hook != null && thread.isInterrupted();
    }

    /** Begins to listen for an interrupt of the caller. By its thread, as all that touches the hook. */
    void begin() {
        if (outer != null) {
            outer.inner = this;
        }
        placeHook();
    }

    private void placeHook() {
        if (hook != null) {
            hook.place();
        }
    }

    /** Ends that; says whether the caller was interrupted. Before {@link #end}, since the hook locks. */
    boolean removeHook() {
        if (hook == null) {
            return false;
        }
        hook.remove();
        return callerInterrupted;
    }

    /** Waits for the hook, where the attempt threw what an interrupt makes it throw. */
    void awaitHook() {
        if (hook != null && !callerInterrupted) {
            hook.await();
        }
    }

    /** Hooks for the attempt that has called into this one, whose hook this one's has replaced. By the same thread. */
    void placeOuterHook() {
        if (outer != null) {
            outer.inner = null;
            outer.placeHook();
        }
    }

    /**
     * Called by the thread that interrupts the caller, or for a hook above this one. It takes no lock: a canceller that
     * interrupts holds this object's monitor and wants the lock that the hook's caller holds.
     */
    private void callerInterrupted() {
        if (hook == null || task.ending() != null) {
            return; // the interrupt may be a canceller's, who has ended the task first
        }
        callerInterrupted = true;
        cancelled = true;
        if (outer != null) {
            outer.callerInterrupted();
        }
        if (hasActions) {
            // The interrupting thread has no time for them.
            guard.run(
                    "starting the onCancel actions",
                    () -> Threads.daemon(managerName() + "-cancel")
                            .newThread(() -> cancel(false).run())
                            .start());
        }
    }

    @Override
    public boolean isCancelled() {
        if (!cancelled && Thread.currentThread() == thread && !ended && inner == null) {
            // One that an interrupt has just woken may ask before the hook has run, or after a channel took its place.
            placeHook();
        }
        return cancelled;
    }

    @Override
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw new TaskCancelledException("task \"" + taskName() + "\" of manager \"" + managerName()
                    + "\" was cancelled during attempt " + attempt);
        }
    }

    @Override
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        hasActions = true; // before the look at cancelled: the hook writes that first, and then looks at this
        synchronized (this) {
            if (!isCancelled()) {
                if (actions == null) {
                    actions = new ArrayList<>(1);
                }
                actions.add(action);
                return;
            }
        }
        guard.run("an onCancel action", action::run);
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public Optional<Instant> deadline() {
        return task.deadline();
    }

    @Override
    public String taskName() {
        return task.name();
    }

    @Override
    public String managerName() {
        return task.managerName();
    }

    @Override
    public boolean runsOn(Thread candidate) {
        return thread == candidate;
    }

    @Override
    public synchronized Runnable cancel(boolean interrupt) {
        if (ended) {
            return () -> {};
        }
        cancelled = true; // before the interrupt, so that whoever is woken by that knows why
        if (interrupt && !interrupted) {
            interrupted = true;
            thread.interrupt();
            stuckWatch = timer.after(stuckTaskGrace, this::checkStuck);
        }
        List<Runnable> toRun = actions;
        actions = null;
        if (toRun == null) {
            return () -> {};
        }
        actionsRunning++;
        return () -> run(toRun);
    }

    private void run(List<Runnable> toRun) {
        try {
            toRun.forEach(action -> guard.run("an onCancel action", action::run));
        } finally {
            synchronized (this) {
                actionsRunning--;
                notifyAll();
            }
        }
    }

    /** Under the monitor: a task that ends just now waits until it has been struck off, and knows. */
    private synchronized void checkStuck() {
        if (!ended) {
            stuck = true;
            guard.stuck(taskName(), thread, stuckTaskGrace);
            onStuck.accept(task);
        }
    }

    /** Whether it was found stuck. By its thread, once it has ended. */
    boolean wasStuck() {
        return stuck;
    }

    /**
     * Ends the attempt: no interrupt and no action of it comes after. Called by its thread.
     *
     * @return whether the canceller interrupted the thread
     */
    synchronized boolean end() {
        boolean interruptedHere = false;
        while (actionsRunning > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interruptedHere = true;
            }
        }
        ended = true;
        if (stuckWatch != null) {
            stuckWatch.cancel();
        }
        if (interruptedHere) {
            Thread.currentThread().interrupt();
        }
        return interrupted;
    }
}

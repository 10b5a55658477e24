package io.taskmanager.engine.execution;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    private final Runnable onStuck;

    /** Written under this object's monitor; read by the task without it. */
    private volatile boolean cancelled;

    // Guarded by this object's monitor.
    private @Nullable List<Runnable> actions;
    private int actionsRunning;
    private Timer.@Nullable Cancellable stuckWatch;
    private boolean interrupted;
    private boolean ended;

    AttemptContext(
            QueuedTask<?, ?> task,
            int attempt,
            Thread thread,
            Guard guard,
            Timer timer,
            Duration stuckTaskGrace,
            Runnable onStuck) {
        this.task = task;
        this.attempt = attempt;
        this.thread = thread;
        this.guard = guard;
        this.timer = timer;
        this.stuckTaskGrace = stuckTaskGrace;
        this.onStuck = onStuck;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void throwIfCancelled() {
        if (cancelled) {
            throw new TaskCancelledException("task \"" + taskName() + "\" of manager \"" + managerName()
                    + "\" was cancelled during attempt " + attempt);
        }
    }

    @Override
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        synchronized (this) {
            if (!cancelled) {
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
        boolean first = !cancelled;
        cancelled = true; // before the interrupt, so that whoever is woken by that knows why
        if (interrupt && !interrupted) {
            interrupted = true;
            thread.interrupt();
            stuckWatch = timer.after(stuckTaskGrace, this::checkStuck);
        }
        List<Runnable> toRun = actions;
        if (!first || toRun == null) {
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
            guard.stuck(taskName(), thread, stuckTaskGrace);
            onStuck.run();
        }
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

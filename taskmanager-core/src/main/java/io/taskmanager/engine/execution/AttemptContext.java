package io.taskmanager.engine.execution;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Interrupts;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Threads;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, as its task and its canceller see it.
 *
 * <p>A canceller and the thread of the attempt race: without care, an interrupt meant for this task, or an action such
 * as closing a statement, would reach the next one on the same thread and resource. So the canceller acts only between
 * the start and the end of the attempt, and {@link #end} waits for actions that have begun.
 *
 * <p>On the thread of its caller, an interrupt is the caller's, and reaches the task as it would any code there. It cancels
 * this context for as long as the thread is interrupted, or for good once the task has asked. Only a task with an onCancel
 * action needs to hear of an interrupt at once, so only its first action places a {@link CallerHook}.
 */
final class AttemptContext extends Frame implements TaskContext, Attempt {

    // Most attempts are cancelled by nobody: those end in one step, and only a canceller makes both take the monitor.
    //
    //   RUNNING -> TOUCHED   a canceller has come, under the monitor
    //   RUNNING -> ENDED     the task has returned; by its thread, without the monitor
    //   TOUCHED -> ENDED     the same, under the monitor
    private static final int RUNNING = 0;
    private static final int TOUCHED = 1;
    private static final int ENDED = 2;

    private static final AtomicIntegerFieldUpdater<AttemptContext> PHASE =
            AtomicIntegerFieldUpdater.newUpdater(AttemptContext.class, "phase");

    final TaskRunner<?> runner;
    final QueuedTask<?, ?> task;
    private final int attempt;
    final Thread thread;

    /** Whether the thread is its caller's, so that others than the engine interrupt it. */
    private final boolean onCaller;

    /** Goes from false to true, in any thread. */
    private volatile boolean cancelled;

    /** Whether there was ever an action: so that the hook, which may take no lock, knows. */
    private volatile boolean hasActions;

    private volatile int phase;

    /** Null until it is needed. */
    private volatile @Nullable Cancellation cancellation;

    /** @param within what the current thread is within; on a worker's, what the task's caller is within, if it waits */
    AttemptContext(
            TaskRunner<?> runner,
            QueuedTask<?, ?> task,
            int attempt,
            Thread thread,
            boolean onCaller,
            @Nullable Frame within) {
        super(runner.rules.guard(), within);
        this.runner = runner;
        this.task = task;
        this.attempt = attempt;
        this.thread = thread;
        this.onCaller = onCaller;
    }

    private synchronized Cancellation cancellation() {
        Cancellation present = cancellation;
        if (present == null) {
            present = new Cancellation(this);
            cancellation = present;
        }
        return present;
    }

    /** The same, by a canceller that finds no memory and waits for it: it has ended the task, which nobody will do again. */
    private Cancellation surelyCancellation() {
        while (true) {
            try {
                return cancellation();
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** The attempt that this thread makes, and that has called into this one. */
    private @Nullable AttemptContext outer() {
        return onCaller ? attemptOn(thread, outerOf(this)) : null;
    }

    /** Null if there was no use for it yet. By its thread. */
    private @Nullable CallerHook hook() {
        Cancellation own = cancellation;
        return own == null ? null : own.hook();
    }

    private static @Nullable AttemptContext attemptOn(Thread thread, @Nullable Frame within) {
        for (Frame frame = within; frame != null; frame = outerOf(frame)) {
            if (frame instanceof AttemptContext context) {
                return context.thread == thread ? context : null;
            }
        }
        return null;
    }

    /** Makes this the current frame. By its thread, as all that touches the hook. */
    void begin(@Nullable Object[] place) {
        enter(place);
        AttemptContext outer = outer();
        if (outer != null) {
            CallerHook ofOuter = outer.cancellation().madeHook();
            ofOuter.beginInner();
            if (ofOuter.isInUse()) {
                // The thread has room for one hook, so this one's tells the outer attempt too.
                cancellation().madeHook().place();
            }
        }
    }

    /** Before {@link #end}, since the hook locks. Needs no memory. */
    void removeHook() {
        CallerHook hook = hook();
        if (hook != null) {
            hook.remove();
        }
    }

    /** Restores the outer attempt's hook, now that no interrupt of a canceller is left to hear. */
    void restoreOuterHook() {
        AttemptContext outer = outer();
        CallerHook ofOuter = outer == null ? null : outer.hook();
        if (ofOuter != null) {
            ofOuter.endInner();
        }
    }

    /**
     * Called by the thread that interrupts the caller, or for a hook above this one. It takes no lock: a canceller that
     * interrupts holds this object's monitor and wants the lock that the hook's caller holds.
     */
    void callerInterrupted() {
        if (task.ending() != null) {
            return; // the interrupt may be a canceller's, who has ended the task first
        }
        cancelled = true;
        AttemptContext outer = outer();
        if (outer != null) {
            outer.callerInterrupted();
        }
        if (hasActions) {
            // The interrupting thread has no time for them.
            guard().run(
                            "starting the onCancel actions",
                            () -> Threads.daemon(managerName() + "-cancel")
                                    .newThread(() -> cancel(false).run())
                                    .start());
        }
    }

    /**
     * What its caller is to be told where the task threw this: an InterruptedException, or what a library has made of one,
     * which is the caller's, or that it is cancelled, since it found its caller interrupted. Null for another error. By its
     * thread.
     */
    @Nullable
    InterruptedException callersInterrupt(Throwable error) {
        if (!onCaller) {
            return null;
        }
        boolean interrupted = isCancelled(); // from here on for good
        if (Interrupts.areToldBy(error)) {
            return Interrupts.of(error, Guard.describe(error));
        }
        boolean tellsOfIt =
                interrupted && error instanceof TaskCancelledException && task.ending() == null && Thread.interrupted();
        return tellsOfIt ? new InterruptedException(error.getMessage()) : null;
    }

    @Override
    public boolean isCancelled() {
        if (!cancelled && isCallersTurn()) {
            CallerHook hook = hook();
            if (hook != null) {
                hook.restore(); // a channel that the task has used may have taken its place
            }
            if (thread.isInterrupted()) {
                cancelled = true;
            }
        }
        return cancelled;
    }

    /** Whether the task itself asks, on the thread of its caller. */
    private boolean isCallersTurn() {
        if (!onCaller || Thread.currentThread() != thread || phase == ENDED) {
            return false;
        }
        CallerHook hook = hook();
        return hook == null || !hook.isInnerRunning();
    }

    private Guard guard() {
        return runner.rules.guard();
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
        if (isCallersTurn()) {
            cancellation().madeHook().place();
        }
        synchronized (this) {
            if (!isCancelled()) {
                cancellation().add(action);
                return;
            }
        }
        guard().run("an onCancel action", action::run);
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
    public TaskLane lane() {
        return task.submittedTo();
    }

    @Override
    public Map<String, String> tags() {
        return task.tags();
    }

    @Override
    public boolean isOnCallersThread() {
        return onCaller;
    }

    @Override
    public Runnable cancel(boolean interrupt) {
        if (phase == ENDED) {
            return QueuedTask.NOTHING;
        }
        Cancellation own = interrupt ? surelyCancellation() : cancellation;
        synchronized (this) {
            if (!touch()) {
                return QueuedTask.NOTHING;
            }
            cancelled = true; // before the interrupt, so that whoever is woken by that knows why
            own = own == null ? cancellation : own; // an action may have come meanwhile
            if (own == null) {
                return QueuedTask.NOTHING;
            }
            if (interrupt) {
                own.interrupt();
            }
            Runnable actions = own.takeActions();
            return actions == null ? QueuedTask.NOTHING : actions;
        }
    }

    /** Has the end wait for the monitor, which the current thread holds; false if it has come before. */
    boolean touch() {
        return phase == TOUCHED || PHASE.compareAndSet(this, RUNNING, TOUCHED);
    }

    @Override
    public boolean mayBeRetried() {
        return runner.rules.errors().retriesTimeouts() && attempt <= task.maxRetries();
    }

    @Override
    public @Nullable Runnable timeOut(int number, TaskTimeoutException error, Runnable onAbandoned) {
        // The policy is user code, so it is asked without the monitor.
        if (!mayBeRetried() || !runner.rules.errors().isWorthAnother(error, number, false, onAbandoned)) {
            return null;
        }
        Cancellation own = cancellation();
        synchronized (this) {
            if (number != attempt || !touch()) {
                return QueuedTask.NOTHING; // it has just ended by itself
            }
            own.timeOut(error);
            return cancel(true);
        }
    }

    /** Why it is to be followed by another attempt unless it returns; null if it has not run too long. */
    synchronized @Nullable TaskTimeoutException timeout() {
        Cancellation own = cancellation;
        return own == null ? null : own.timeout();
    }

    /** Whether it was found stuck. By its thread, once it has ended. */
    boolean wasStuck() {
        Cancellation own = cancellation;
        return own != null && own.wasStuck();
    }

    /**
     * Ends the attempt: no interrupt and no action of it comes after. Called by its thread.
     *
     * @return whether the canceller interrupted the thread
     */
    boolean end() {
        return !PHASE.compareAndSet(this, RUNNING, ENDED) && endTouched();
    }

    private synchronized boolean endTouched() {
        Cancellation own = cancellation;
        boolean interruptedHere = own != null && own.awaitActions();
        phase = ENDED;
        if (own != null) {
            own.endWatch();
        }
        if (interruptedHere) {
            Thread.currentThread().interrupt();
        }
        return own != null && own.isInterrupted();
    }
}

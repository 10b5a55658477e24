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
    // What is known of one are flags in one word, none of which is ever taken back.

    /** A canceller has come: from now on the attempt ends under the monitor. Set under that, unless it has ended. */
    private static final int TOUCHED = 1;
    /** The task has returned. Set by its thread; no canceller comes after. */
    private static final int ENDED = 2;
    /** Set by any thread, with or without the monitor. */
    private static final int CANCELLED = 4;
    /** The thread is its caller's, so that others than the engine interrupt it. From the start, or never. */
    private static final int ON_CALLER = 8;

    private static final AtomicIntegerFieldUpdater<AttemptContext> STATE =
            AtomicIntegerFieldUpdater.newUpdater(AttemptContext.class, "state");

    final TaskRunner<?> runner;
    final QueuedTask<?, ?> task;
    private final int attempt;
    final Thread thread;

    /** The flags. */
    private volatile int state;

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
        super(within);
        this.runner = runner;
        this.task = task;
        this.attempt = attempt;
        this.thread = thread;
        if (onCaller) {
            STATE.lazySet(this, ON_CALLER);
        }
    }

    @Override
    protected Object manager() {
        return guard();
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
        return isOnCallersThread() ? attemptOn(thread, outerOf(this)) : null;
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
        set(CANCELLED);
        AttemptContext outer = outer();
        if (outer != null) {
            outer.callerInterrupted();
        }
        Cancellation own = cancellation;
        if (own != null && own.expectsActions()) {
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
        if (!isOnCallersThread()) {
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
        if (!has(CANCELLED) && isCallersTurn()) {
            CallerHook hook = hook();
            if (hook != null) {
                hook.restore(); // a channel that the task has used may have taken its place
            }
            if (thread.isInterrupted()) {
                set(CANCELLED);
            }
        }
        return has(CANCELLED);
    }

    private boolean has(int flag) {
        return (state & flag) != 0;
    }

    /** Needs no lock and no memory. */
    private void set(int flag) {
        int before;
        do {
            before = state;
        } while (!STATE.compareAndSet(this, before, before | flag));
    }

    private boolean hasEnded() {
        return has(ENDED);
    }

    /** Whether the task itself asks, on the thread of its caller. */
    private boolean isCallersTurn() {
        if (!isOnCallersThread() || Thread.currentThread() != thread || hasEnded()) {
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
        Cancellation own = cancellation();
        own.expectActions(); // before the look at CANCELLED: the hook sets that first, and then looks at this
        if (isCallersTurn()) {
            own.madeHook().place();
        }
        synchronized (this) {
            if (!isCancelled()) {
                own.add(action);
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
        return has(ON_CALLER);
    }

    @Override
    public Runnable cancel(boolean interrupt) {
        if (hasEnded()) {
            return QueuedTask.NOTHING;
        }
        Cancellation own = interrupt ? surelyCancellation() : cancellation;
        synchronized (this) {
            if (!touch()) {
                return QueuedTask.NOTHING;
            }
            set(CANCELLED); // before the interrupt, so that whoever is woken by that knows why
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
        int before = state;
        while ((before & (TOUCHED | ENDED)) == 0 && !STATE.compareAndSet(this, before, before | TOUCHED)) {
            before = state;
        }
        return (before & ENDED) == 0;
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
        int before = state;
        boolean isTouched = (before & TOUCHED) != 0 || !STATE.compareAndSet(this, before, before | ENDED);
        return isTouched && endTouched();
    }

    private synchronized boolean endTouched() {
        Cancellation own = cancellation;
        boolean interruptedHere = own != null && own.awaitActions();
        set(ENDED);
        if (own != null) {
            own.endWatch();
        }
        if (interruptedHere) {
            Thread.currentThread().interrupt();
        }
        return own != null && own.isInterrupted();
    }
}

package io.taskmanager.engine.execution;

import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.queue.Attempt;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.InterruptHook;
import io.taskmanager.engine.support.Interrupts;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Threads;
import io.taskmanager.engine.support.Timer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * action needs to hear of an interrupt at once, so only its first action begins to listen for one.
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

    private final TaskRunner<?> runner;
    private final QueuedTask<?, ?> task;
    private final int attempt;
    private final Thread thread;

    /** Whether the thread is its caller's, so that others than the engine interrupt it. */
    private final boolean onCaller;

    /** Goes from false to true, in any thread. */
    private volatile boolean cancelled;

    /** Whether there was ever an action: so that the hook, which may take no lock, knows. */
    private volatile boolean hasActions;

    private volatile int phase;

    /** Null until one of its fields is needed. */
    private volatile @Nullable Extras extras;

    /** What few attempts need. */
    private static final class Extras {

        /** The attempt that this one has called into, and which is told of interrupts meanwhile. Only for its thread. */
        private @Nullable AttemptContext inner;

        /** Hears of an interrupt of the caller, once there is an action. Only for its thread. */
        private @Nullable InterruptHook hook;

        // Guarded by the attempt's monitor.
        private @Nullable Actions actions;
        private int actionsRunning;
        private Timer.@Nullable Cancellable stuckWatch;
        private boolean interrupted;
        private boolean stuck;
        /** Set once the attempt has run too long and is to be followed by another. */
        private @Nullable TaskTimeoutException timeout;
    }

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

    private synchronized Extras extras() {
        Extras present = extras;
        if (present == null) {
            present = new Extras();
            extras = present;
        }
        return present;
    }

    /** The same, by a canceller that finds no memory and waits for it: it has ended the task, which nobody will do again. */
    private Extras surelyExtras() {
        while (true) {
            try {
                return extras();
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** The attempt that this thread makes, and that has called into this one. */
    private @Nullable AttemptContext outer() {
        return onCaller ? attemptOn(thread, outerOf(this)) : null;
    }

    private @Nullable InterruptHook hook() {
        Extras own = extras;
        return own == null ? null : own.hook;
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
    void begin() {
        enter();
        AttemptContext outer = outer();
        if (outer != null) {
            outer.extras().inner = this;
            if (outer.hook() != null) {
                listen(); // a thread has room for one hook, so this one's tells the outer attempt too
            }
        }
    }

    private void listen() {
        Extras own = extras();
        if (own.hook == null) {
            own.hook = new InterruptHook(this::callerInterrupted);
        }
        own.hook.place();
    }

    /** Ends that. Before {@link #end}, since the hook locks. Needs no memory. */
    void stopListening() {
        InterruptHook hook = hook();
        if (hook != null) {
            hook.remove();
        }
    }

    /** Has the attempt listen again that has called into this one, now that no interrupt of a canceller is left to hear. */
    void resumeOuter() {
        AttemptContext outer = outer();
        Extras ofOuter = outer == null ? null : outer.extras;
        if (ofOuter != null) {
            ofOuter.inner = null;
            if (ofOuter.hook != null) {
                ofOuter.hook.place();
            }
        }
    }

    /**
     * Called by the thread that interrupts the caller, or for a hook above this one. It takes no lock: a canceller that
     * interrupts holds this object's monitor and wants the lock that the hook's caller holds.
     */
    private void callerInterrupted() {
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
            InterruptHook hook = hook();
            if (hook != null) {
                hook.place(); // a channel that the task has used may have taken its place
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
        Extras own = extras;
        return own == null || own.inner == null;
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
            listen();
        }
        synchronized (this) {
            if (!isCancelled()) {
                Extras own = extras();
                if (own.actions == null) {
                    own.actions = new Actions(own);
                }
                own.actions.list.add(action::run);
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
    public boolean isOnCallersThread() {
        return onCaller;
    }

    @Override
    public Runnable cancel(boolean interrupt) {
        if (phase == ENDED) {
            return QueuedTask.NOTHING;
        }
        Extras own = interrupt ? surelyExtras() : extras;
        synchronized (this) {
            if (!touch()) {
                return QueuedTask.NOTHING;
            }
            cancelled = true; // before the interrupt, so that whoever is woken by that knows why
            own = own == null ? extras : own; // an action may have come meanwhile
            if (own == null) {
                return QueuedTask.NOTHING;
            }
            if (interrupt && !own.interrupted) {
                own.interrupted = true;
                thread.interrupt();
                watch(own);
            }
            Actions toRun = own.actions;
            if (toRun == null) {
                return QueuedTask.NOTHING;
            }
            own.actions = null;
            own.actionsRunning++;
            return toRun;
        }
    }

    /** Has the end wait for the monitor, which the current thread holds; false if it has come before. */
    private boolean touch() {
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
        Extras own = extras();
        synchronized (this) {
            if (number != attempt || !touch()) {
                return QueuedTask.NOTHING; // it has just ended by itself
            }
            own.timeout = error;
            return cancel(true);
        }
    }

    /** Why it is to be followed by another attempt unless it returns; null if it has not run too long. */
    synchronized @Nullable TaskTimeoutException timeout() {
        Extras own = extras;
        return own == null ? null : own.timeout;
    }

    /** A canceller that finds no memory waits for it: it has ended the task, which nobody will do again. */
    private void watch(Extras own) {
        while (true) {
            try {
                own.stuckWatch = runner.rules.timer().after(runner.rules.stuckTaskGrace(), this::checkStuck);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** What the task wants done when it is cancelled. Run once. */
    private final class Actions implements Runnable {

        private final Extras own;
        private final List<Guard.Action> list = new ArrayList<>(1);

        Actions(Extras own) {
            this.own = own;
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < list.size(); i++) { // an iterator would want memory
                    guard().run("an onCancel action", list.get(i));
                }
            } finally {
                synchronized (AttemptContext.this) {
                    own.actionsRunning--;
                    AttemptContext.this.notifyAll();
                }
            }
        }
    }

    /** Under the monitor: a task that ends just now waits until it has been struck off, and knows. */
    private synchronized void checkStuck() {
        if (touch()) {
            Extras own = extras();
            own.stuck = true;
            if (own.timeout != null) {
                task.failElsewhere(own.timeout); // there will be no other attempt: this one goes on
            }
            runner.onStuck.accept(task);
            guard().stuck(taskName(), thread, runner.rules.stuckTaskGrace());
        }
    }

    /** Whether it was found stuck. By its thread, once it has ended. */
    boolean wasStuck() {
        Extras own = extras;
        return own != null && own.stuck;
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
        Extras own = extras;
        boolean interruptedHere = false;
        while (own != null && own.actionsRunning > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interruptedHere = true;
            }
        }
        phase = ENDED;
        if (own != null && own.stuckWatch != null) {
            own.stuckWatch.cancel();
        }
        if (interruptedHere) {
            Thread.currentThread().interrupt();
        }
        return own != null && own.interrupted;
    }
}

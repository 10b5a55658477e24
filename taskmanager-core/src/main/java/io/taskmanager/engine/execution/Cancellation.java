package io.taskmanager.engine.execution;

import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt needs that is interrupted, has onCancel actions, or calls into another attempt: the actions, the interrupt
 * that a canceller has sent, the watch for a task that ignores it, and the hook for an interrupt of the caller. Few attempts
 * do, so it is made when it is first wanted. Guarded by the attempt's monitor, which the caller holds, but where said.
 */
final class Cancellation {

    private final AttemptContext attempt;

    /** Only for the attempt's thread, without the monitor. */
    private @Nullable CallerHook hook;

    /** Whether there was ever an action: so that the hook, which may take no lock, knows. Goes to true. */
    private volatile boolean expectsActions;

    private @Nullable CancelActions actions;
    private Timer.@Nullable Cancellable stuckWatch;
    private boolean interrupted;
    private boolean stuck;
    /** Set once the attempt has run too long and is to be followed by another. */
    private @Nullable TaskTimeoutException timeout;

    Cancellation(AttemptContext attempt) {
        this.attempt = attempt;
    }

    /** Null if there was no use for it yet. By the attempt's thread. */
    @Nullable
    CallerHook hook() {
        return hook;
    }

    /** By the attempt's thread. */
    CallerHook madeHook() {
        if (hook == null) {
            hook = new CallerHook(attempt);
        }
        return hook;
    }

    /** Before the first look at whether the attempt is cancelled. Without the monitor. */
    void expectActions() {
        expectsActions = true;
    }

    /** By any thread, without the monitor. */
    boolean expectsActions() {
        return expectsActions;
    }

    /** Before the attempt is cancelled. */
    void add(Runnable action) {
        if (actions == null) {
            actions = new CancelActions(attempt, guard());
        }
        actions.add(action);
    }

    /** The actions, for the first canceller to run; null for another, or if there are none. Needs no memory. */
    @Nullable
    Runnable takeActions() {
        return actions == null ? null : actions.take();
    }

    /** Waits for those that are taken and have not run. Says whether the current thread was interrupted meanwhile. */
    boolean awaitActions() {
        boolean interruptedHere = false;
        while (actions != null && actions.areRunning()) {
            try {
                attempt.wait();
            } catch (InterruptedException e) {
                interruptedHere = true;
            }
        }
        return interruptedHere;
    }

    /** Interrupts the attempt's thread, once, and sees to a task that ignores that. */
    void interrupt() {
        if (!interrupted) {
            interrupted = true;
            attempt.thread.interrupt();
            watch();
        }
    }

    boolean isInterrupted() {
        return interrupted;
    }

    /** A canceller that finds no memory waits for it: it has ended the task, which nobody will do again. */
    private void watch() {
        AttemptRules<?> rules = attempt.runner.rules;
        while (true) {
            try {
                stuckWatch = rules.timer().after(rules.stuckTaskGrace(), this::checkStuck);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** By the timer's thread. Under the monitor: a task that ends just now waits until it has been abandoned, and knows. */
    private void checkStuck() {
        synchronized (attempt) {
            if (attempt.touch()) {
                stuck = true;
                if (timeout != null) {
                    attempt.task.failElsewhere(timeout); // there will be no other attempt: this one goes on
                }
                attempt.runner.onStuck.accept(attempt.task);
                guard().stuck(attempt.taskName(), attempt.thread, attempt.runner.rules.stuckTaskGrace());
            }
        }
    }

    /** Whether it was found stuck. By the attempt's thread, also without the monitor once that has ended. */
    boolean wasStuck() {
        return stuck;
    }

    void endWatch() {
        if (stuckWatch != null) {
            stuckWatch.cancel();
        }
    }

    void timeOut(TaskTimeoutException error) {
        timeout = error;
    }

    /** Why the attempt is to be followed by another unless it returns; null if it has not run too long. */
    @Nullable
    TaskTimeoutException timeout() {
        return timeout;
    }

    private Guard guard() {
        return attempt.runner.rules.guard();
    }
}

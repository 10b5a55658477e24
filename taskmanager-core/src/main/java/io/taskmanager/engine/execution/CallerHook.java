package io.taskmanager.engine.execution;

import io.taskmanager.engine.support.InterruptHook;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt on its caller's thread hears at once of an interrupt. That thread has room for one hook: where the task calls
 * into another attempt, the inner one's takes the place of the outer one's, and tells the outer attempt too. Only for that
 * thread.
 */
final class CallerHook {

    private final AttemptContext attempt;

    /** Whether the attempt has called into another, which hears of interrupts meanwhile. */
    private boolean isInnerRunning;

    /** Null until the attempt wants to hear of interrupts. */
    private @Nullable InterruptHook hook;

    CallerHook(AttemptContext attempt) {
        this.attempt = attempt;
    }

    void place() {
        if (hook == null) {
            hook = new InterruptHook(attempt::callerInterrupted);
        }
        hook.place();
    }

    /** Whether it was ever placed. */
    boolean isInUse() {
        return hook != null;
    }

    /** Places it again, if it is in use: another may have taken its place. */
    void restore() {
        if (hook != null) {
            hook.place();
        }
    }

    /** Needs no memory. */
    void remove() {
        if (hook != null) {
            hook.remove();
        }
    }

    void beginInner() {
        isInnerRunning = true;
    }

    void endInner() {
        isInnerRunning = false;
        restore();
    }

    boolean isInnerRunning() {
        return isInnerRunning;
    }
}

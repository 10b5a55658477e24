package io.taskmanager.engine.queue;

import io.taskmanager.TaskOutcome;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The state of a task: one word, moved by compare-and-set.
 *
 * <pre>
 * WAITING -> RUNNING   a thread starts an attempt
 * RUNNING -> WAITING   the attempt failed and another will be made
 * WAITING -> ENDED     cancelled, rejected, timed out
 * RUNNING -> ENDED     the attempt gave the answer, or cancelled, timed out
 * </pre>
 *
 * Whoever moves it to ENDED, and nobody else, writes it in the ledger and answers its caller. The number of attempts
 * is kept in the same word, so that a canceller knows it as it stood when it won; and, once it is in the ledger, how it ended.
 */
abstract class TaskState<T extends @Nullable Object> extends Answer<T> {

    static final int WAITING = 0; // as a new one is
    static final int RUNNING = 1;
    static final int ENDED = 2;
    private static final long PHASE_MASK = 3;
    /** Set with the number of the outcome, once the end is in the ledger. */
    private static final long RECORDED = 4;

    private static final int OUTCOME_SHIFT = 3;
    private static final long OUTCOME_MASK = 3;
    private static final long ONE_ATTEMPT = 32;
    private static final TaskOutcome[] OUTCOMES = TaskOutcome.values();

    @SuppressWarnings("rawtypes") // of any type
    private static final AtomicLongFieldUpdater<TaskState> STATE =
            AtomicLongFieldUpdater.newUpdater(TaskState.class, "state");

    /** The phase in the lower two bits, above it how it ended, above that how often the task was started. */
    private volatile long state;

    final long state() {
        return state;
    }

    static int phase(long inState) {
        return (int) (inState & PHASE_MASK);
    }

    static int attempts(long inState) {
        return (int) Math.min(inState / ONE_ATTEMPT, Integer.MAX_VALUE);
    }

    /** Starts an attempt; gives the state after that, or -1 if the task does not wait. */
    final long start() {
        long before = state;
        long running = before + ONE_ATTEMPT + RUNNING;
        return phase(before) == WAITING && STATE.compareAndSet(this, before, running) ? running : -1;
    }

    /** Ends an attempt that will be followed by another; false if the task does not run. */
    final boolean waitAgain() {
        long before = state;
        return phase(before) == RUNNING && STATE.compareAndSet(this, before, before - RUNNING);
    }

    /** Ends the task; says what its state was. Whoever finds another phase than ENDED in it has won. */
    final long end() {
        long before = state;
        while (!endFrom(before)) {
            before = state;
        }
        return before;
    }

    /** Ends the task if this is its state yet. */
    final boolean endFrom(long before) {
        return STATE.compareAndSet(this, before, (before & ~PHASE_MASK) | ENDED);
    }

    /** The end is in the ledger. */
    final void recorded(long before, TaskOutcome outcome) {
        STATE.lazySet(this, (before & ~PHASE_MASK) | ENDED | RECORDED | (long) outcome.ordinal() << OUTCOME_SHIFT);
    }

    /** Whether it has ended; that may not be in the ledger yet. */
    public final boolean hasEnded() {
        return phase(state) == ENDED;
    }

    /** Whether an attempt is under way. */
    public final boolean isRunning() {
        return phase(state) == RUNNING;
    }

    final boolean isWaiting() {
        return phase(state) == WAITING;
    }

    /** How it ended; null if it has not. */
    public final @Nullable TaskOutcome ending() {
        long now = state;
        return (now & RECORDED) == 0 ? null : OUTCOMES[(int) ((now >> OUTCOME_SHIFT) & OUTCOME_MASK)];
    }

    /** How often it was started, at most {@link Integer#MAX_VALUE}. */
    public final int attempts() {
        return attempts(state);
    }

    /** For a test of what comes after that. */
    final void startedSoOften(int attempts) {
        state = attempts * ONE_ATTEMPT;
    }
}

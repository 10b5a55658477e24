package io.taskmanager.engine.queue;

import io.taskmanager.CapturingTask;
import io.taskmanager.Task;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.StackRoom;
import io.taskmanager.engine.support.Surely;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A task as its runner and its cancellers see it: one object is the node of a lane, the state, and the future of its caller.
 * Whoever ends it, by {@link #end}, records that and gives the answer.
 */
public final class QueuedTask<R, T extends @Nullable Object> extends TaskNode<T> {
    /** What a canceller has left to do where the task has no onCancel action, or none that runs. */
    public static final Runnable NOTHING = () -> {};

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<QueuedTask, Attempt> ATTEMPT =
            AtomicReferenceFieldUpdater.newUpdater(QueuedTask.class, Attempt.class, "attempt");

    // Written by the thread that starts an attempt, before it sets RUNNING; read by whoever moves the state from there.
    private long startedNanos;
    /** Null while no attempt is under way. Its runner clears it, also when the task has ended: so any may find it null. */
    private volatile @Nullable Attempt attempt;

    /** @param caller what the caller is within who will wait for it; null if nobody will */
    public QueuedTask(TaskTerms terms, Task<? super R, ? extends T> task, @Nullable Frame caller) {
        super(terms, caller);
        this.taskOrResult = Objects.requireNonNull(task, "task");
    }

    @Override
    QueuedTask<?, ?> self() {
        return this;
    }

    /** By the thread that submitted it, before another can run it. Throws nothing. */
    public void leavesItsThread() {
        if (taskOrResult instanceof CapturingTask<?, ?> capturing) {
            Frame before = Frame.current();
            try {
                // Or a blocking call in it could wait for the worker that is lent to this one.
                Frame.enter(queue().owner());
                capturing.capture();
            } catch (Throwable e) {
                queue().ledger().report("the task decorator", e);
            } finally {
                Frame.restore(before);
            }
        }
    }

    /** What is to be run; null if it has ended. */
    @SuppressWarnings("unchecked") // a result is kept after the last attempt
    public @Nullable Task<? super R, ? extends T> task() {
        return (Task<? super R, ? extends T>) taskOrResult;
    }

    /** Null while no attempt is under way. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    /** Starts an attempt; false if the task has ended. Only for the thread that has taken it from the queue. */
    public boolean waiting2running(Attempt newAttempt, long nowNanos) {
        // Before the move: a canceller that finds RUNNING must find the attempt. One that comes first ends the task,
        // and then nobody looks at it.
        ATTEMPT.lazySet(this, newAttempt);
        startedNanos = nowNanos;
        long running = start();
        if (running < 0) {
            ATTEMPT.lazySet(this, null);
            return false;
        }
        if (hasLimits()) {
            arm(limits().ofRunning(nowNanos), running);
        }
        return true;
    }

    /** The attempt is over, and can't be cancelled any more. By its thread. */
    public void attemptEnded() {
        ATTEMPT.lazySet(this, null); // whoever finds it still there finds it ended
    }

    /** How long the attempt under way has run; zero if there is none. */
    public long runNanos(long nowNanos) {
        return attempt == null ? 0 : Math.max(0, nowNanos - startedNanos);
    }

    /**
     * Answers a task that waits for its first start or for another attempt, and whose caller waits, since it can't be run.
     *
     * @param waitedSince an earlier time than which it must have been accepted
     * @return the answer, to be run once; null if there is nothing to answer
     */
    public @Nullable Runnable refuseAwaited(TaskManagerException error, long waitedSince) {
        return caller() != null && queuedNanos() - waitedSince <= 0
                ? endWaiting(new EarlyEnd(this, error), TaskOutcome.TIMED_OUT)
                : null;
    }

    private @Nullable Runnable endWaiting(EarlyEnd answer, TaskOutcome outcome) {
        long before = state();
        if (phase(before) != WAITING || !endFrom(before)) {
            return null;
        }
        answer.rest = endEarly(before, false, outcome);
        return answer;
    }

    /** Cancels a task that waits, with others; gives the answer, to be run once, or null if it runs or has ended. */
    public @Nullable Runnable cancelWaiting(String reason) {
        return endWaiting(EarlyEnd.cancelledWithMany(this, reason), TaskOutcome.CANCELLED);
    }

    /** Fails a task on another thread, since its own may not come back: its attempt, or what follows that, hangs. */
    public void failElsewhere(TaskManagerException error) {
        endElsewhere(
                new EarlyEnd(this, error),
                error instanceof TaskTimeoutException ? TaskOutcome.TIMED_OUT : TaskOutcome.FAILED);
    }

    /** Answers with a result, as {@link #failElsewhere} does with an error. */
    public void succeedElsewhere(@Nullable T value) {
        endElsewhere(() -> completeWith(value), TaskOutcome.COMPLETED);
    }

    private void endElsewhere(Runnable answer, TaskOutcome outcome) {
        long before = end();
        if (phase(before) != ENDED) {
            try {
                record(before, outcome, queue().nanos());
            } finally {
                answerElsewhere(answer);
            }
        }
    }

    /** The timer's thread has no time for what hangs on the future, and for what the task wants done. */
    void answerElsewhere(Runnable answer) {
        try {
            queue().answers().execute(answer);
        } catch (OutOfMemoryError e) {
            answer.run(); // late for other timeouts is better than never
        }
    }

    /**
     * Ends a task that was not accepted after all, so that a thread which has taken it leaves it.
     *
     * @return false if it has ended meanwhile: then it was
     */
    boolean withdraw() {
        boolean withdrawn = phase(end()) != ENDED;
        if (withdrawn) {
            taskOrResult = null;
        }
        return withdrawn;
    }

    /** Answers with a result. */
    public void succeed(@Nullable T value, long nowNanos) {
        long before = end();
        if (phase(before) != ENDED) {
            try {
                record(before, TaskOutcome.COMPLETED, nowNanos);
            } finally {
                completeWith(value);
            }
        }
    }

    /** The same by the thread of its caller, who runs it himself and {@linkplain #isAwaited() waits} for it. */
    public void succeedHere(@Nullable T value, long nowNanos) {
        long before = end();
        if (phase(before) != ENDED) {
            try {
                record(before, TaskOutcome.COMPLETED, nowNanos);
            } finally {
                keep(value);
            }
        }
    }

    /** Answers with an error. */
    public void fail(Throwable error, long nowNanos) {
        long before = end();
        if (phase(before) != ENDED) {
            try {
                record(before, TaskOutcome.FAILED, nowNanos);
            } finally {
                failWith(error);
            }
        }
    }

    /**
     * Answers a task that was not accepted; the error may be what the factory made of it.
     *
     * <p>A kill may have found the worker claimed for it, and answered it, before its caller saw that the queue is closed and
     * released the worker: then it was accepted, and is cancelled.
     */
    public void reject(TaskManagerException rejection) {
        if (!withdraw()) {
            queue().arrived(queuedNanos());
            return;
        }
        Reason reason = rejection instanceof TaskRejectedException e ? e.reason() : Reason.NO_RESOURCE;
        queue().ledger().rejected(new TaskRejected(managerName(), submittedTo(), reason));
        failWith(rejection);
    }

    /**
     * Takes a waiting task out of its lane at once, or has a running one know.
     *
     * @param mayInterruptIfRunning whether to interrupt the thread that runs it
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return cancel(mayInterruptIfRunning, "it was cancelled") || isCancelled();
    }

    /** Cancels with a reason for the message; false if the task had ended. */
    public boolean cancel(boolean interrupt, String reason) {
        StackRoom.ensure();
        if (hasEnded()) {
            return false;
        }
        EarlyEnd answer = EarlyEnd.cancelled(this, reason);
        long before = end();
        if (phase(before) == ENDED) {
            return false;
        }
        answer.rest = endEarly(before, interrupt, TaskOutcome.CANCELLED);
        answer.run();
        return true;
    }

    /**
     * Cancels since the task threw, on the thread of its caller, an interrupt: that is the caller's, and {@link #await} throws
     * it. By that thread.
     */
    public void interruptCaller(InterruptedException thrown) {
        while (true) {
            try {
                TaskExtras own = extras();
                if (cancel(false, "its caller was interrupted")) {
                    own.callersInterrupt = thrown;
                }
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** Whether {@link #interruptCaller} cancelled it. For the caller's thread. */
    public boolean hasInterruptedCaller() {
        return callersInterrupt() != null;
    }

    private @Nullable InterruptedException callersInterrupt() {
        TaskExtras own = extrasIfAny();
        return own == null ? null : own.callersInterrupt;
    }

    /**
     * Cancels for a kill: interrupts also a task that was cancelled gently and still runs.
     *
     * @return the answer, and what the task wants done when it is cancelled, for the caller to run once: what hangs on
     *     the future may wait for the answer of another task
     */
    public Runnable kill() {
        if (!hasEnded()) {
            EarlyEnd answer = EarlyEnd.cancelledWithMany(this, "the manager was killed");
            long before = end();
            if (phase(before) != ENDED) {
                answer.rest = endEarly(before, true, TaskOutcome.CANCELLED);
                return answer;
            }
        }
        Attempt last = attempt;
        return last == null ? NOTHING : last.cancel(true);
    }

    /** Answers with an error of the engine itself, of the JVM most likely; waits for memory if there is none. */
    public void failInEngine(Throwable error, long nowNanos) {
        while (true) {
            try {
                fail(new TaskExecutionException("the engine failed while it ran " + describe(), error), nowNanos);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    @Override
    @Nullable
    Runnable endUnanswered() {
        StackRoom.ensure();
        long before = end();
        return phase(before) == ENDED ? null : endEarly(before, true, TaskOutcome.CANCELLED);
    }

    /**
     * In the books first: once the thread or the lane is free, a shutdown may end and report. Throws nothing: whoever has ended
     * the task owes its answer, and nobody else would give it.
     */
    Runnable endEarly(long before, boolean interrupt, TaskOutcome outcome) {
        try {
            record(before, outcome, queue().nanos());
            if (phase(before) == WAITING) {
                queue().remove(this);
                return NOTHING;
            }
            Attempt running = attempt;
            return running == null ? NOTHING : running.cancel(interrupt); // null: it has just returned
        } catch (Throwable e) {
            queue().ledger().report("ending a task", e);
            return NOTHING;
        }
    }

    /** Waits for the answer as a blocking form gives it. An interrupted caller's task is cancelled. */
    public T await() throws InterruptedException {
        // One that was completed has been given nothing else.
        if (ending() == TaskOutcome.COMPLETED && hasKept()) {
            return kept();
        }
        try {
            return get();
        } catch (InterruptedException e) {
            cancel(true);
            throw e;
        } catch (ExecutionException | CancellationException e) {
            InterruptedException thrown = callersInterrupt();
            if (thrown != null) {
                throw thrown;
            }
            throw failure(e);
        }
    }

    private void record(long before, TaskOutcome outcome, long nowNanos) {
        int attempts = attempts(before);
        boolean inBackoff = attempts > 0 && phase(before) == WAITING;
        // A back-off is no run time: for the books, a task that ends in one has ended with its last attempt.
        long finished = inBackoff ? extras().attemptEndedNanos : nowNanos;
        // A task cancelled while it waits for its next attempt may just have been given that attempt's start.
        boolean started = attempts > 0 && startedNanos - finished <= 0;
        long lastStart = started ? startedNanos : finished;
        queue().ledger().ended(outcome, submittedTo(), attempts > 0, queuedNanos(), lastStart, finished);
        Task<?, ?> ended = Objects.requireNonNull(task());
        // Before it is told: or the caller who waits, and finds it completed by another thread, would take the task for
        // its result.
        taskOrResult = null;
        recorded(before, outcome);
        disarm();
        if (queue().ledger().tellsOfTasks()) {
            queue().ledger().finished(finished(ended, outcome, attempts, lastStart, finished));
        }
    }

    private TaskFinished finished(Task<?, ?> ended, TaskOutcome outcome, int attempts, long started, long finished) {
        while (true) {
            try {
                return new TaskFinished(
                        managerName(),
                        name(),
                        submittedTo(),
                        outcome,
                        attempts,
                        tags(),
                        ended,
                        new TaskLifecycleTimestamps(queuedNanos(), started, finished));
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskExecutionException;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
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
import io.taskmanager.engine.support.Timer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way: the node of a lane and the future of its caller in one object.
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
 *
 * <p>There may be a hundred thousand of these: what few of them need is in {@link Extras}.
 */
public final class QueuedTask<R, T extends @Nullable Object> extends Answer<T> implements Intake.Top {

    private static final int WAITING = 0; // as a new one is
    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final long PHASE_MASK = 3;
    /** Set with the number of the outcome, once the end is in the ledger. */
    private static final long RECORDED = 4;

    private static final int OUTCOME_SHIFT = 3;
    private static final long OUTCOME_MASK = 3;
    private static final long ONE_ATTEMPT = 32;
    private static final TaskOutcome[] OUTCOMES = TaskOutcome.values();

    /** What a canceller has left to do where the task has no onCancel action, or none that runs. */
    public static final Runnable NOTHING = () -> {};

    @SuppressWarnings("rawtypes") // of any type
    private static final AtomicLongFieldUpdater<QueuedTask> STATE =
            AtomicLongFieldUpdater.newUpdater(QueuedTask.class, "state");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<QueuedTask, Extras> EXTRAS =
            AtomicReferenceFieldUpdater.newUpdater(QueuedTask.class, Extras.class, "extras");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<QueuedTask, Attempt> ATTEMPT =
            AtomicReferenceFieldUpdater.newUpdater(QueuedTask.class, Attempt.class, "attempt");

    private final TaskTerms terms;

    /** What its caller is within, who waits for it in a blocking form; null if nobody waits. */
    private final @Nullable Frame caller;

    /** When it was accepted, or, until then, made. Written before it has arrived. */
    private long queuedNanos;

    /** Null once it has ended: a future that is kept does not keep what its task refers to. Racy, but for its runner. */
    private @Nullable Task<? super R, ? extends T> task;

    /** The phase in the lower two bits, above it how it ended, above that how often the task was started. */
    private volatile long state;

    // Guarded by the queue's lock.
    @Nullable
    Lane lane;

    @Nullable
    QueuedTask<?, ?> previous;

    /** Links the arrivals until the task is in a lane. Written before it has arrived, then under the lock. */
    @Nullable
    QueuedTask<?, ?> next;

    /** Its place in its {@link BoundedLane}. Written before it has arrived. */
    long position;

    // Written by the thread that starts an attempt, before it sets RUNNING; read by whoever moves the state from there.
    private long startedNanos;
    /** Null while no attempt is under way. Its runner clears it, also when the task has ended: so any may find it null. */
    private volatile @Nullable Attempt attempt;

    /** When it ended; written by whoever ended it, before that is recorded. */
    private long endedNanos;

    /** Null until one of its fields is needed. */
    private volatile @Nullable Extras extras;

    /** What few tasks need. */
    private static final class Extras {

        private static final AtomicLongFieldUpdater<Extras> NUMBER =
                AtomicLongFieldUpdater.newUpdater(Extras.class, "number");

        private static final AtomicReferenceFieldUpdater<Extras, Timer.Cancellable> EXPIRY =
                AtomicReferenceFieldUpdater.newUpdater(Extras.class, Timer.Cancellable.class, "expiry");

        /** What it is called by, if it has no name: 0 until somebody asks. */
        private volatile long number;

        /** Ends its back-off. Guarded by the queue's lock. */
        private Timer.@Nullable Cancellable backoff;

        /** When the last attempt ended that is followed by another. Written by its thread, before it sets WAITING. */
        private long attemptEndedNanos;

        /**
         * Ends the phase that the task is in when its time is over. Written by whoever begins a phase, read by whoever ends
         * the task; one that comes too late finds another phase and does nothing.
         */
        private volatile Timer.@Nullable Cancellable expiry;

        /** What it threw on the thread of its caller, whose interrupt it was; only for that thread. */
        private @Nullable InterruptedException callersInterrupt;
    }

    /** @param caller what the caller is within who will wait for it; null if nobody will */
    public QueuedTask(TaskTerms terms, Task<? super R, ? extends T> task, @Nullable Frame caller) {
        this.terms = terms;
        this.task = Objects.requireNonNull(task, "task");
        this.caller = caller;
        this.queuedNanos = terms.queue().nanos();
    }

    private TaskQueue queue() {
        return terms.queue();
    }

    private Extras extras() {
        Extras present = extras;
        return present == null ? makeExtras() : present;
    }

    private Extras makeExtras() {
        Extras made = new Extras();
        return EXTRAS.compareAndSet(this, null, made) ? made : Objects.requireNonNull(extras);
    }

    /** What is to be run; null if it has ended. */
    public @Nullable Task<? super R, ? extends T> task() {
        return task;
    }

    /** What the caller is within who waits for it; null if nobody waits. */
    public @Nullable Frame caller() {
        return caller;
    }

    public String name() {
        String name = terms.name();
        if (name != null) {
            return name;
        }
        Extras own = extras();
        if (own.number == 0) {
            Extras.NUMBER.compareAndSet(own, 0, queue().nextNumber());
        }
        return "task-" + own.number;
    }

    public TaskLane submittedTo() {
        return terms.lane();
    }

    /** When it was accepted; before that, when it was made. */
    public long queuedNanos() {
        return queuedNanos;
    }

    /** Before it is offered after a wait for room: the wait is none in the queue. */
    void offeredAt(long nowNanos) {
        queuedNanos = nowNanos;
    }

    /** By the thread that submits it, before any other can see it. */
    void arriveAfter(Intake.Top before) {
        next = before instanceof QueuedTask<?, ?> task ? task : null;
        position = before.following();
    }

    @Override
    public long following() {
        return position + 1;
    }

    /** Whether a limit of its time begins when it is queued. */
    boolean hasLimits() {
        return limits() != TimeLimits.NONE;
    }

    /** Whether its caller may run it: at a run timeout or a deadline that must be answered, so it can't. */
    public boolean mayRunOnCaller() {
        return limits().runTimeout() == null && limits().deadline() == null;
    }

    private TimeLimits limits() {
        return terms.limits();
    }

    public int maxRetries() {
        return terms.maxRetries();
    }

    /** When the answer is due, if it has a deadline. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(limits().deadline());
    }

    /** How it ended; null if it has not. */
    public @Nullable TaskOutcome ending() {
        long now = state;
        return (now & RECORDED) == 0 ? null : OUTCOMES[(int) ((now >> OUTCOME_SHIFT) & OUTCOME_MASK)];
    }

    /** Whether it has ended as told, and not before a moment. */
    public boolean hasEnded(TaskOutcome outcome, long sinceNanos) {
        return ending() == outcome && endedNanos - sinceNanos >= 0;
    }

    /** How often it was started, at most {@link Integer#MAX_VALUE}. */
    public int attempts() {
        return attempts(state);
    }

    /** For a test of what comes after that. */
    void startedSoOften(int attempts) {
        state = attempts * ONE_ATTEMPT;
    }

    private static int attempts(long inState) {
        return (int) Math.min(inState / ONE_ATTEMPT, Integer.MAX_VALUE);
    }

    public String managerName() {
        return queue().managerName();
    }

    /** Starts an attempt; false if the task has ended. Only for the thread that has taken it from the queue. */
    public boolean waiting2running(Attempt newAttempt, long nowNanos) {
        // Before the move: a canceller that finds RUNNING must find the attempt. One that comes first ends the task,
        // and then nobody looks at it.
        ATTEMPT.lazySet(this, newAttempt);
        startedNanos = nowNanos;
        long before = state;
        long running = before + ONE_ATTEMPT + RUNNING;
        if (phase(before) != WAITING || !STATE.compareAndSet(this, before, running)) {
            ATTEMPT.lazySet(this, null);
            return false;
        }
        if (limits() != TimeLimits.NONE) {
            arm(limits().ofRunning(nowNanos), running);
        }
        return true;
    }

    /** The attempt is over, and can't be cancelled any more. By its thread. */
    public void attemptEnded() {
        ATTEMPT.lazySet(this, null); // whoever finds it still there finds it ended
    }

    /** Starts the clock of a wait. Under the queue's lock, before any thread can take the task. */
    void armWaiting() {
        long waiting = state;
        // One that was cancelled on its way back to the queue has nothing to wait for.
        if (limits() != TimeLimits.NONE && phase(waiting) == WAITING) {
            arm(limits().ofWaiting(attempts(waiting) == 0, queue().nanos()), waiting);
        }
    }

    /** The same for a task that is back in the queue: from there it is not lost, so this waits for memory if there is none. */
    void armWaitingAgain() {
        while (true) {
            try {
                armWaiting();
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private void arm(TimeLimits.@Nullable Expiry next, long inState) {
        disarm();
        if (next != null) {
            Extras own = extras(); // first: there must be a place for it
            own.expiry = queue().timer().after(next.in(), () -> timeOut(inState, next.rule()));
            if (state != inState) {
                disarm(); // ended just before, by one who found nothing to disarm
            }
        }
    }

    /**
     * In one step: who ends the task and who arms a limit meet here. Else the first could take the limit of the wait, the
     * other set that of the run, and the first clear it, uncancelled.
     */
    private void disarm() {
        Extras own = extras;
        Timer.Cancellable current = own == null || own.expiry == null ? null : Extras.EXPIRY.getAndSet(own, null);
        if (current != null) {
            current.cancel();
        }
    }

    private void timeOut(long inState, String rule) {
        if (phase(inState) == ENDED || state != inState) {
            return;
        }
        // What wants memory comes first: the timer makes a call again that found none.
        TaskTimeoutException error = new TaskTimeoutException(describe() + " " + rule);
        EarlyEnd answer = new EarlyEnd(this, error);
        if (phase(inState) == RUNNING && !isDue()) {
            Attempt running = attempt;
            if (running == null) {
                return; // it has ended in its time, and only what it threw is still looked at
            }
            if (running.mayBeRetried()) {
                Runnable ask = () -> retryOrTimeOut(inState, running, error, answer);
                answerElsewhere(() -> Surely.run(ask)); // the timer's thread has no time for user code
                return;
            }
        }
        timeOut(inState, answer);
    }

    private void retryOrTimeOut(long inState, Attempt running, TaskTimeoutException error, EarlyEnd answer) {
        Runnable onCancel = running.timeOut(attempts(inState), error, () -> timeOut(inState, answer));
        if (onCancel == null) {
            timeOut(inState, answer);
        } else {
            onCancel.run();
        }
    }

    private void timeOut(long inState, EarlyEnd answer) {
        if (STATE.compareAndSet(this, inState, (inState & ~PHASE_MASK) | ENDED)) {
            answer.rest = endEarly(inState, true, TaskOutcome.TIMED_OUT);
            answerElsewhere(answer);
        }
    }

    /** Whether its deadline is over, so that no other attempt is of use. */
    private boolean isDue() {
        return limits().deadline() != null && limits().deadlineNanos() - queue().nanos() <= 0;
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
        return caller != null && queuedNanos - waitedSince <= 0 ? endWaiting(error, TaskOutcome.TIMED_OUT) : null;
    }

    private @Nullable Runnable endWaiting(RuntimeException error, TaskOutcome outcome) {
        EarlyEnd answer = new EarlyEnd(this, error);
        long before = state;
        if (phase(before) != WAITING || !STATE.compareAndSet(this, before, before | ENDED)) {
            return null;
        }
        answer.rest = endEarly(before, false, outcome);
        return answer;
    }

    /** Cancels a task that waits; gives the answer, to be run once, or null if it runs or has ended. */
    public @Nullable Runnable cancelWaiting(String reason) {
        return endWaiting(cancelled(reason), TaskOutcome.CANCELLED);
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
    private void answerElsewhere(Runnable answer) {
        try {
            queue().answers().execute(answer);
        } catch (OutOfMemoryError e) {
            answer.run(); // late for other timeouts is better than never
        }
    }

    /** The answer of a task that did not end by itself, and what its canceller has left to do. */
    private static final class EarlyEnd implements Runnable {

        private final QueuedTask<?, ?> task;
        private final Throwable error;
        private Runnable rest = NOTHING;

        EarlyEnd(QueuedTask<?, ?> task, Throwable error) {
            this.task = task;
            this.error = error;
        }

        @Override
        public void run() {
            task.completeEarly(error, rest);
        }
    }

    /**
     * Ends an attempt that will be followed by another; false if the task has ended.
     *
     * @param endedNanos when the attempt did
     * @param backoff what ends the wait for the next; null for none
     */
    boolean running2waiting(long endedNanos, Timer.@Nullable Cancellable backoff) {
        Extras own = extras(); // first: this may want memory
        own.attemptEndedNanos = endedNanos;
        long before = state;
        boolean waits = phase(before) == RUNNING && STATE.compareAndSet(this, before, before - RUNNING);
        if (waits) {
            own.backoff = backoff;
        }
        return waits;
    }

    /** It waits for no back-off any more; says what would have ended that. Under the queue's lock. */
    Timer.@Nullable Cancellable leaveBackoff() {
        Extras own = extras;
        if (own == null) {
            return null;
        }
        Timer.Cancellable left = own.backoff;
        own.backoff = null;
        return left;
    }

    /** Ends the task; says what its state was. Whoever finds another phase than ENDED in it has won. */
    private long end() {
        long before = state;
        while (!STATE.compareAndSet(this, before, (before & ~PHASE_MASK) | ENDED)) {
            before = state;
        }
        return before;
    }

    boolean hasEnded() {
        return phase(state) == ENDED;
    }

    /** Whether an attempt is under way. */
    public boolean isRunning() {
        return phase(state) == RUNNING;
    }

    boolean isWaiting() {
        return phase(state) == WAITING;
    }

    /**
     * Ends a task that was not accepted after all, so that a thread which has taken it leaves it.
     *
     * @return false if it has ended meanwhile: then it was
     */
    boolean withdraw() {
        boolean withdrawn = phase(end()) != ENDED;
        if (withdrawn) {
            task = null;
        }
        return withdrawn;
    }

    private static int phase(long inState) {
        return (int) (inState & PHASE_MASK);
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
     * gave the worker back: then it was accepted, and is cancelled.
     */
    public void reject(TaskManagerException rejection) {
        if (!withdraw()) {
            queue().arrived(queuedNanos);
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
        TaskCancelledException answer = cancelled(reason);
        long before = end();
        if (phase(before) == ENDED) {
            return false;
        }
        completeEarly(answer, endEarly(before, interrupt, TaskOutcome.CANCELLED));
        return true;
    }

    /**
     * Cancels since the task threw, on the thread of its caller, an interrupt: that is the caller's, and {@link #await} throws
     * it. By that thread.
     */
    public void interruptCaller(InterruptedException thrown) {
        while (true) {
            try {
                Extras own = extras();
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
        Extras own = extras;
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
            EarlyEnd answer = killed();
            long before = end();
            if (phase(before) != ENDED) {
                answer.rest = endEarly(before, true, TaskOutcome.CANCELLED);
                return answer;
            }
        }
        Attempt last = attempt;
        return last == null ? NOTHING : last.cancel(true);
    }

    private EarlyEnd killed() {
        while (true) {
            try {
                return new EarlyEnd(this, new TaskCancelledException(unfinished("the manager was killed"), false));
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
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

    private TaskCancelledException cancelled(String reason) {
        return new TaskCancelledException(unfinished(reason));
    }

    private String unfinished(String reason) {
        return describe() + " did not finish: " + reason;
    }

    /** What it is called in messages. */
    public String describe() {
        return "task \"" + name() + "\" of manager \"" + managerName() + "\"";
    }

    /**
     * In the books first: once the thread or the lane is free, a shutdown may end and report. Throws nothing: whoever has ended
     * the task owes its answer, and nobody else would give it.
     */
    private Runnable endEarly(long before, boolean interrupt, TaskOutcome outcome) {
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

    /**
     * Answers a task that did not end by itself, and does the rest. The attempt ends no sooner than that, and the manager
     * with it: so while there is a rest, what hangs on the future is within the manager, and can't wait for it.
     */
    private void completeEarly(Throwable error, Runnable rest) {
        if (rest == NOTHING) {
            failWith(error);
            return;
        }
        Frame before = enterQueue();
        try {
            failWith(error);
        } finally {
            Frame.restore(before);
            rest.run();
        }
    }

    private @Nullable Frame enterQueue() {
        while (true) {
            try {
                Frame before = Frame.current();
                Frame.enter(queue().owner());
                return before;
            } catch (OutOfMemoryError e) {
                Surely.pause(); // what hangs on the future may ask what it is within
            }
        }
    }

    /** Waits for the answer as a blocking form gives it. An interrupted caller's task is cancelled. */
    public T await() throws InterruptedException {
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
            throw failureOr(e);
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
        queue().ledger().ended(outcome, submittedTo(), attempts > 0, queuedNanos, lastStart, finished);
        endedNanos = nowNanos;
        STATE.lazySet(this, (before & ~PHASE_MASK) | ENDED | RECORDED | (long) outcome.ordinal() << OUTCOME_SHIFT);
        disarm();
        if (queue().ledger().tellsOfTasks()) {
            queue().ledger().finished(finished(outcome, attempts, lastStart, finished));
        }
        task = null;
    }

    private TaskFinished finished(TaskOutcome outcome, int attempts, long started, long finished) {
        while (true) {
            try {
                return new TaskFinished(
                        managerName(),
                        name(),
                        submittedTo(),
                        outcome,
                        attempts,
                        terms.tags(),
                        Objects.requireNonNull(task),
                        new TaskLifecycleTimestamps(queuedNanos, started, finished));
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.Task;
import io.taskmanager.TaskCancelledException;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskOptions;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.engine.support.Timer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
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
 * is kept in the same word, so that a canceller knows it as it stood when it won.
 */
public final class QueuedTask<R, T extends @Nullable Object> extends CompletableFuture<T> implements Intake.Top {

    private static final int WAITING = 0; // as a new one is
    private static final int RUNNING = 1;
    private static final int ENDED = 2;
    private static final int PHASE_MASK = 3;
    private static final int ONE_ATTEMPT = 4;

    @SuppressWarnings("rawtypes") // of any type
    private static final AtomicIntegerFieldUpdater<QueuedTask> STATE =
            AtomicIntegerFieldUpdater.newUpdater(QueuedTask.class, "state");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<QueuedTask, TaskOutcome> ENDING =
            AtomicReferenceFieldUpdater.newUpdater(QueuedTask.class, TaskOutcome.class, "ending");

    private final TaskQueue queue;
    private final Task<? super R, ? extends T> task;
    private final @Nullable String name;
    private final Map<String, String> tags;
    private final TaskLane submittedTo;
    private final int maxRetries;
    private final TimeLimits limits;
    private final long queuedNanos;
    private final long number;
    /** The phase in the lower two bits, above it how often the task was started. */
    private volatile int state;

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

    Timer.@Nullable Cancellable backoff;

    // Written by the thread that starts an attempt, before it sets RUNNING; read by whoever moves the state from there.
    private long startedNanos;
    private @Nullable Attempt attempt;

    /**
     * Ends the phase that the task is in when its time is over. Written by whoever begins a phase, read by whoever ends
     * the task; one that comes too late finds another phase and does nothing.
     */
    private volatile Timer.@Nullable Cancellable expiry;

    /** How it ended, and when; written once, by whoever ended it. */
    private volatile @Nullable TaskOutcome ending;

    /** Written before that. */
    private long endedNanos;

    /** Written before the future is completed; read after. */
    private @Nullable Throwable failure;

    /** Whether it was cancelled since its caller was interrupted, on whose thread it ran; only for that thread. */
    private boolean callerInterrupted;

    /**
     * @param maxRetries how often it is retried where the options don't say
     */
    public QueuedTask(
            TaskQueue queue,
            Task<? super R, ? extends T> task,
            TaskLane lane,
            TaskOptions options,
            int maxRetries,
            TimeLimits limits) {
        this.queue = queue;
        this.task = Objects.requireNonNull(task, "task");
        this.name = options.name().orElse(null);
        this.tags = options.tags();
        this.submittedTo = lane;
        this.maxRetries = options.once() ? 0 : options.maxRetries().orElse(maxRetries);
        this.limits = limits;
        this.queuedNanos = queue.nanos();
        this.number = queue.nextNumber();
    }

    public Task<? super R, ? extends T> task() {
        return task;
    }

    public String name() {
        return name != null ? name : "task-" + number;
    }

    public TaskLane submittedTo() {
        return submittedTo;
    }

    /** When it was handed in. */
    public long queuedNanos() {
        return queuedNanos;
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
        return limits != TimeLimits.NONE;
    }

    public int maxRetries() {
        return maxRetries;
    }

    /** When the answer is due, if it has a deadline. */
    public Optional<Instant> deadline() {
        return Optional.ofNullable(limits.deadline());
    }

    /** How it ended; null if it has not. */
    public @Nullable TaskOutcome ending() {
        return ending;
    }

    /** Whether it has ended as told, and not before a moment. */
    public boolean hasEnded(TaskOutcome outcome, long sinceNanos) {
        return ending == outcome && endedNanos - sinceNanos >= 0;
    }

    /** How often it was started. */
    public int attempts() {
        return state / ONE_ATTEMPT;
    }

    public String managerName() {
        return queue.managerName();
    }

    /** Starts an attempt; false if the task has ended. Only for the thread that has taken it from the queue. */
    public boolean waiting2running(Attempt newAttempt, long nowNanos) {
        // Before the move: a canceller that finds RUNNING must find the attempt. One that comes first ends the task,
        // and then nobody looks at it.
        attempt = newAttempt;
        startedNanos = nowNanos;
        int before = state;
        int running = before + ONE_ATTEMPT + RUNNING;
        if (phase(before) != WAITING || !STATE.compareAndSet(this, before, running)) {
            return false;
        }
        if (limits != TimeLimits.NONE) {
            arm(limits.ofRunning(nowNanos), running);
        }
        return true;
    }

    /** Starts the clock of a wait. Under the queue's lock, before any thread can take the task. */
    void armWaiting() {
        int waiting = state;
        // One that was cancelled on its way back to the queue has nothing to wait for.
        if (limits != TimeLimits.NONE && phase(waiting) == WAITING) {
            arm(limits.ofWaiting(waiting / ONE_ATTEMPT == 0, queue.nanos()), waiting);
        }
    }

    private void arm(TimeLimits.@Nullable Expiry next, int inState) {
        disarm();
        if (next != null) {
            expiry = queue.timer().after(next.in(), () -> timeOut(inState, next.rule()));
            if (state != inState) {
                disarm(); // ended just before, by one who found nothing to disarm
            }
        }
    }

    private void disarm() {
        Timer.Cancellable current = expiry;
        if (current != null) {
            current.cancel();
        }
    }

    private void timeOut(int inState, String rule) {
        if (phase(inState) == ENDED || !STATE.compareAndSet(this, inState, (inState & ~PHASE_MASK) | ENDED)) {
            return;
        }
        TaskTimeoutException answer = new TaskTimeoutException(describe() + " " + rule);
        Runnable rest = endEarly(phase(inState), true, TaskOutcome.TIMED_OUT);
        // The timer's thread has no time for what hangs on the future, and for what the task wants done.
        queue.answers().execute(() -> {
            completeWith(answer);
            rest.run();
        });
    }

    /** Ends an attempt that will be followed by another; false if the task has ended. */
    boolean running2waiting() {
        int before = state;
        return phase(before) == RUNNING && STATE.compareAndSet(this, before, before - RUNNING);
    }

    /** Ends the task; says what its state was. Whoever finds another phase than ENDED in it has won. */
    private int end() {
        return STATE.getAndUpdate(this, before -> (before & ~PHASE_MASK) | ENDED);
    }

    boolean hasEnded() {
        return phase(state) == ENDED;
    }

    private static int phase(int state) {
        return state & PHASE_MASK;
    }

    /** Whether this thread makes, or made, the last attempt. */
    boolean runsOn(Thread thread) {
        Attempt current = attempt;
        return current != null && current.runsOn(thread);
    }

    /** Answers with a result. */
    public void succeed(@Nullable T value, long nowNanos) {
        if (phase(end()) != ENDED) {
            record(TaskOutcome.COMPLETED, nowNanos);
            super.complete(value);
        }
    }

    /** Answers with an error. */
    public void fail(Throwable error, long nowNanos) {
        if (phase(end()) != ENDED) {
            record(TaskOutcome.FAILED, nowNanos);
            completeWith(error);
        }
    }

    /** Answers a task that was not accepted; the error may be what the factory made of it. */
    public void reject(TaskManagerException rejection) {
        end();
        Reason reason = rejection instanceof TaskRejectedException e ? e.reason() : Reason.NO_RESOURCE;
        queue.ledger().rejected(new TaskRejected(managerName(), submittedTo, reason));
        completeWith(rejection);
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
        int before = phase(end());
        if (before == ENDED) {
            return false;
        }
        Runnable rest = endEarly(before, interrupt, TaskOutcome.CANCELLED);
        completeWith(cancelled(reason));
        rest.run();
        return true;
    }

    /**
     * Cancels since the caller was interrupted, on whose thread it runs: {@link #await} will say so. By that thread.
     *
     * @return false if the task had ended
     */
    public boolean interruptCaller() {
        callerInterrupted = cancel(false, "its caller was interrupted");
        return callerInterrupted;
    }

    /** Whether {@link #interruptCaller} cancelled it. For the caller's thread. */
    public boolean hasInterruptedCaller() {
        return callerInterrupted;
    }

    /**
     * Cancels for a kill: interrupts also a task that was cancelled gently and still runs.
     *
     * @return the answer, and what the task wants done when it is cancelled, for the caller to run once: what hangs on
     *     the future may wait for the answer of another task
     */
    public Runnable kill() {
        int before = phase(end());
        if (before != ENDED) {
            Runnable rest = endEarly(before, true, TaskOutcome.CANCELLED);
            TaskCancelledException answer = cancelled("the manager was killed");
            return () -> {
                completeWith(answer);
                rest.run();
            };
        }
        Attempt last = attempt;
        return last == null ? () -> {} : last.cancel(true);
    }

    private TaskCancelledException cancelled(String reason) {
        return new TaskCancelledException(describe() + " did not finish: " + reason);
    }

    private String describe() {
        return "task \"" + name() + "\" of manager \"" + managerName() + "\"";
    }

    /** In the books first: once the thread or the lane is free, a shutdown may end and report. */
    private Runnable endEarly(int before, boolean interrupt, TaskOutcome outcome) {
        record(outcome, queue.nanos());
        if (before == WAITING) {
            queue.remove(this);
            return () -> {};
        }
        return Objects.requireNonNull(attempt).cancel(interrupt);
    }

    // From Java 23 on, these wrap the exception of a cancelled future in another. Ours is thrown itself on any Java, so
    // that a caller matches its type.

    @Override
    public T get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T join() {
        try {
            return super.join();
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public T getNow(T valueIfAbsent) {
        try {
            return super.getNow(valueIfAbsent);
        } catch (CancellationException e) {
            throw unwrapped(e);
        }
    }

    private CancellationException unwrapped(CancellationException thrown) {
        return failure instanceof CancellationException own ? own : thrown;
    }

    /** Waits for the answer as a blocking form gives it. An interrupted caller's task is cancelled. */
    public T await() throws InterruptedException {
        try {
            return get();
        } catch (InterruptedException e) {
            cancel(true);
            throw e;
        } catch (ExecutionException | CancellationException e) {
            Throwable answer = failure == null ? e : failure;
            if (callerInterrupted) {
                throw new InterruptedException(answer.getMessage());
            }
            if (answer.getCause() instanceof InterruptedException && runsOn(Thread.currentThread())) {
                Thread.currentThread().interrupt(); // perhaps the caller's, which it must not lose
            }
            throw unchecked(answer);
        }
    }

    /** All failures that this class gives are unchecked. */
    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof RuntimeException e) {
            return e;
        }
        throw new IllegalStateException(failure);
    }

    private void completeWith(Throwable error) {
        failure = error;
        super.completeExceptionally(error);
    }

    private void record(TaskOutcome outcome, long nowNanos) {
        int attempts = attempts();
        // A task cancelled while it waits for its next attempt may just have been given that attempt's start.
        boolean started = attempts > 0 && startedNanos - nowNanos <= 0;
        long lastStart = started ? startedNanos : nowNanos;
        queue.ledger().ended(outcome, attempts, queuedNanos, lastStart, nowNanos);
        endedNanos = nowNanos;
        ENDING.lazySet(this, outcome);
        disarm();
        if (queue.ledger().hasListener()) {
            TaskLifecycleTimestamps stamps = new TaskLifecycleTimestamps(queuedNanos, lastStart, nowNanos);
            queue.ledger()
                    .finished(new TaskFinished(
                            managerName(), name(), submittedTo, outcome, attempts, tags, task, stamps));
        }
    }
}

package io.taskmanager.engine.queue;

import io.taskmanager.TaskLane;
import io.taskmanager.engine.metrics.Arrival;
import io.taskmanager.engine.support.Frame;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A task as its queue sees it: what was asked for it, its place in a lane, and the limits of its time.
 *
 * <p>There may be a hundred thousand of these: what few of them need is in {@link TaskExtras}.
 */
abstract sealed class TaskNode<T extends @Nullable Object> extends TaskState<T> implements Intake.Top, Arrival
        permits QueuedTask {

    @SuppressWarnings("rawtypes") // of any type
    private static final AtomicReferenceFieldUpdater<TaskNode, TaskExtras> EXTRAS =
            AtomicReferenceFieldUpdater.newUpdater(TaskNode.class, TaskExtras.class, "extras");

    private final TaskTerms terms;

    /** What its caller is within, who waits for it in a blocking form; null if nobody waits. */
    private final @Nullable Frame caller;

    /** When it was accepted, or, until then, made. Written before it has arrived. */
    private long queuedNanos;

    // Guarded by the queue's lock.
    @Nullable
    Lane lane;

    @Nullable
    QueuedTask<?, ?> previous;

    /** Links the arrivals until the task is in a lane. Written before it has arrived, then under the lock. */
    @Nullable
    QueuedTask<?, ?> next;

    /** Its place in its {@link BoundedLane}. Written before it has arrived. */
    private int position;

    /** Null until one of its fields is needed. */
    private volatile @Nullable TaskExtras extras;

    /** @param caller what the caller is within who will wait for it; null if nobody will */
    TaskNode(TaskTerms terms, @Nullable Frame caller) {
        this.terms = terms;
        this.caller = caller;
        this.queuedNanos = terms.queue().nanos();
    }

    abstract QueuedTask<?, ?> self();

    final TaskQueue queue() {
        return terms.queue();
    }

    final @Nullable TaskExtras extrasIfAny() {
        return extras;
    }

    final TaskExtras extras() {
        TaskExtras present = extras;
        return present == null ? makeExtras() : present;
    }

    private TaskExtras makeExtras() {
        TaskExtras made = new TaskExtras();
        return EXTRAS.compareAndSet(this, null, made) ? made : Objects.requireNonNull(extras);
    }

    /** What the caller is within who waits for it; null if nobody waits. */
    public final @Nullable Frame caller() {
        return caller;
    }

    /** Whether its caller waits for it, in a blocking form: then nobody else has its future. */
    public final boolean isAwaited() {
        return caller != null || submittedTo() == TaskLane.DIRECT;
    }

    public final String name() {
        String name = terms.name();
        if (name != null) {
            return name;
        }
        return "task-" + extras().number(queue());
    }

    public final Map<String, String> tags() {
        return terms.tags();
    }

    public final TaskLane submittedTo() {
        return terms.lane();
    }

    /** For who has just taken it out of the intake, together with those before it. */
    @Override
    public final @Nullable Arrival earlier() {
        return next;
    }

    /** When it was accepted; before that, when it was made. */
    @Override
    public final long queuedNanos() {
        return queuedNanos;
    }

    /** Before it is offered after a wait for room: the wait is none in the queue. */
    final void offeredAt(long nowNanos) {
        queuedNanos = nowNanos;
    }

    /** By the thread that submits it, before any other can see it. */
    final void arriveAfter(Intake.Top before) {
        next = before instanceof QueuedTask<?, ?> task ? task : null;
        position = before.following();
    }

    @Override
    public final int following() {
        return position + 1;
    }

    /** Whether its time is limited, in its lane or while it runs. */
    final boolean hasLimits() {
        return limits() != TimeLimits.NONE;
    }

    /** Whether its caller may run it: at a run timeout or a deadline that must be answered, so it can't. */
    public final boolean mayRunOnCaller() {
        return limits().runTimeout() == null && limits().deadline() == null;
    }

    final TimeLimits limits() {
        return terms.limits();
    }

    public final int maxRetries() {
        return terms.maxRetries();
    }

    /** When the answer is due, if it has a deadline. */
    public final Optional<Instant> deadline() {
        return Optional.ofNullable(limits().deadline());
    }

    public final String managerName() {
        return queue().managerName();
    }

    /** Starts the clock of a wait. Under the queue's lock, before any thread can take the task. */
    final void armWaiting() {
        long waiting = state();
        // One that was cancelled while it was requeued has nothing to wait for.
        if (hasLimits() && phase(waiting) == WAITING) {
            arm(limits().ofWaiting(attempts(waiting) == 0, queue().nanos()), waiting);
        }
    }

    /** The same for a task that is back in the queue: from there it is not lost, so this waits for memory if there is none. */
    final void armWaitingAgain() {
        while (true) {
            try {
                armWaiting();
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    final void arm(TimeLimits.@Nullable Expiry next, long inState) {
        disarm();
        if (next != null) {
            TaskExtras own = extras(); // first: there must be a place for it
            own.expiry = queue().timer().after(next.in(), new Timeout(self(), inState, next.rule()));
            if (state() != inState) {
                disarm(); // ended just before, by one who found nothing to disarm
            }
        }
    }

    final void disarm() {
        TaskExtras own = extras;
        if (own != null) {
            own.disarm();
        }
    }

    /** Whether its deadline is over, so that no other attempt is of use. */
    final boolean isDue() {
        return limits().deadline() != null && limits().deadlineNanos() - queue().nanos() <= 0;
    }

    /**
     * Ends an attempt that will be followed by another; false if the task has ended.
     *
     * @param endedNanos when the attempt did
     * @param backoff what ends the wait for the next; null for none
     */
    final boolean running2waiting(long endedNanos, Timer.@Nullable Cancellable backoff) {
        TaskExtras own = extras(); // first: this may want memory
        own.attemptEndedNanos = endedNanos;
        boolean waits = waitAgain();
        if (waits) {
            own.backoff = backoff;
        }
        return waits;
    }

    /** It waits for no back-off any more; says what would have ended that. Under the queue's lock. */
    final Timer.@Nullable Cancellable leaveBackoff() {
        TaskExtras own = extras;
        if (own == null) {
            return null;
        }
        Timer.Cancellable left = own.backoff;
        own.backoff = null;
        return left;
    }

    /** What it is called in messages. */
    public final String describe() {
        return "task \"" + name() + "\" of manager \"" + managerName() + "\"";
    }
}

package io.taskmanager.engine.metrics;

import io.taskmanager.MetricsCollector;
import io.taskmanager.ShutdownReport;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where every arrival and every end of a task is written down once: for the collector, the listener and the report.
 *
 * <p>It is told of an end before the task is answered, so nothing that goes wrong here may reach its caller: what the
 * collector or the listener throws is logged, and so is the want of memory to tell them. The count for the report comes
 * first, and needs no memory. User code is called without a lambda for {@link Guard}, since that is memory, too.
 */
public final class Ledger {

    private static final String COLLECTOR = "the metrics collector";
    private static final String LISTENER = "the listener";

    private final DefaultMetricsCollector ours;
    /** The user's, who may want one in the place of ours; one that does not throw. */
    private final @Nullable MetricsCollector users;

    private final @Nullable TaskManagerListener listener;
    private final boolean tellsOfTasks;
    private final Guard guard;

    /**
     * @param ours counts for the report and the control, whoever else does
     * @param users told of the same; null if there is none
     */
    public Ledger(
            DefaultMetricsCollector ours,
            @Nullable MetricsCollector users,
            @Nullable TaskManagerListener listener,
            Guard guard) {
        this.ours = ours;
        this.users = users;
        this.listener = listener;
        this.tellsOfTasks = listener != null && guard.get(LISTENER, listener::listensToFinishedTasks, true);
        this.guard = guard;
    }

    /** A task was accepted just now that is in no lane. */
    public void arrived(long nowNanos) {
        try {
            ours.recordArrival(nowNanos);
            if (users != null) {
                users.recordArrival();
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    /**
     * Tasks have come into their lane, under the lock of that: so this is for our own count alone, and {@link #accepted} for the
     * user's.
     *
     * @param newest linked to the others
     */
    public void arrived(Arrival newest) {
        try {
            ours.recordArrivals(newest);
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    /** A task that has come into its lane could not be accepted after all. */
    public void withdrawn() {
        ours.withdrawArrival();
    }

    /** A task was accepted that {@link #arrived(Arrival)} counts when it comes into its lane. */
    public void accepted() {
        if (users != null) {
            try {
                users.recordArrival();
            } catch (Throwable e) {
                guard.report(COLLECTOR, e);
            }
        }
    }

    /** A task was not accepted. */
    public void rejected(TaskRejected event) {
        try {
            ours.recordRejection();
            if (users != null) {
                users.recordRejection();
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
        TaskManagerListener present = listener;
        if (present != null) {
            try {
                guard.run(LISTENER, () -> present.taskRejected(event));
            } catch (Throwable e) {
                guard.report(LISTENER, e); // no memory to tell it
            }
        }
    }

    public void retried() {
        try {
            ours.recordRetry();
            if (users != null) {
                users.recordRetry();
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    /** A task has ended that was started, or never was. For the times see {@link TaskLifecycleTimestamps}. */
    public void ended(
            TaskOutcome outcome,
            TaskLane lane,
            boolean started,
            long queuedNanos,
            long startedNanos,
            long finishedNanos) {
        try {
            ours.recordEnd(outcome, lane, started, queuedNanos, startedNanos, finishedNanos);
            if (users != null) {
                tell(users, outcome, queuedNanos, startedNanos, finishedNanos);
            }
        } catch (Throwable e) {
            guard.report(COLLECTOR, e);
        }
    }

    // No switch: that has a class of its own, which is broken for ever if there is no memory at its first use.
    private static void tell(
            MetricsCollector users, TaskOutcome outcome, long queuedNanos, long startedNanos, long finishedNanos) {
        if (outcome == TaskOutcome.CANCELLED) {
            users.recordCancellation();
        } else if (outcome == TaskOutcome.COMPLETED) {
            users.recordCompletion(stamps(queuedNanos, startedNanos, finishedNanos));
        } else if (outcome == TaskOutcome.FAILED) {
            users.recordFailure(stamps(queuedNanos, startedNanos, finishedNanos));
        } else {
            users.recordTimeout(stamps(queuedNanos, startedNanos, finishedNanos));
        }
    }

    /** Where there is no memory for them, this waits for some: or the collector's books would be wrong for ever. */
    private static TaskLifecycleTimestamps stamps(long queuedNanos, long startedNanos, long finishedNanos) {
        while (true) {
            try {
                return new TaskLifecycleTimestamps(queuedNanos, startedNanos, finishedNanos);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    /** Whether {@link #finished} is to be called. */
    public boolean tellsOfTasks() {
        return tellsOfTasks;
    }

    /** Tells the listener of the end of a task, after {@link #ended}. */
    public void finished(TaskFinished event) {
        try {
            TaskManagerListener present = Objects.requireNonNull(listener);
            guard.run(LISTENER, () -> present.taskFinished(event));
        } catch (Throwable e) {
            guard.report(LISTENER, e);
        }
    }

    /** Logs what has failed on the way to an entry, or after it, where that must not stop whoever makes it. */
    public void report(String what, Throwable e) {
        guard.report(what, e);
    }

    /** The ends since the start; {@code abandoned} is 0. */
    public ShutdownReport totals() {
        return ours.totals();
    }
}

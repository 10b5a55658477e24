package io.taskmanager.engine.worker;

import io.taskmanager.TaskOutcome;
import io.taskmanager.engine.support.Padded;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has been doing. Written by its thread or the caller that has borrowed it, one at a time, and read by any: so
 * a write need not wait until all others can see it.
 */
final class WorkerJournal extends Padded {

    private static final AtomicLongFieldUpdater<WorkerJournal> BUSY_SINCE = updater("busySinceNanos");
    private static final AtomicLongFieldUpdater<WorkerJournal> LAST = updater("outcomes");
    private static final AtomicLongFieldUpdater<WorkerJournal> ATTEMPTS = updater("attempts");
    private static final AtomicLongFieldUpdater<WorkerJournal> RUN = updater("runNanos");

    private static final TaskOutcome[] OUTCOMES = TaskOutcome.values();
    private static final int KEPT = 10;
    private static final int BITS = 3;
    private static final long ONE = (1L << BITS) - 1;
    private static final long ALL = (1L << (KEPT * BITS)) - 1;
    private static final long IDLE = Long.MIN_VALUE;

    private final int id;
    /** When the attempt under way began. */
    private volatile long busySinceNanos = IDLE;
    /** The last outcomes, three bits each, 0 for none, the latest lowest; so that one write publishes all. */
    private volatile long outcomes;

    private volatile long attempts;
    private volatile long runNanos;

    WorkerJournal(int id) {
        this.id = id;
    }

    private static AtomicLongFieldUpdater<WorkerJournal> updater(String field) {
        return AtomicLongFieldUpdater.newUpdater(WorkerJournal.class, field);
    }

    int id() {
        return id;
    }

    void began(long nowNanos) {
        BUSY_SINCE.lazySet(this, nowNanos == IDLE ? IDLE + 1 : nowNanos);
    }

    /** An attempt has finished. */
    void ran(long nanos) {
        RUN.lazySet(this, runNanos + nanos);
        ATTEMPTS.lazySet(this, attempts + 1);
    }

    /** @param outcome how the attempt left its task; null if it did not */
    void ended(@Nullable TaskOutcome outcome) {
        if (outcome != null) {
            LAST.lazySet(this, (outcomes << BITS | (outcome.ordinal() + 1)) & ALL);
        }
        BUSY_SINCE.lazySet(this, IDLE);
    }

    /** How long the attempt under way has run, at the time given; -1 if there is none. */
    long busyNanos(long nowNanos) {
        long since = busySinceNanos;
        return since == IDLE ? -1 : Math.max(0, nowNanos - since);
    }

    /** The attempts that have finished. */
    long attempts() {
        return attempts;
    }

    /** How long those ran, in all. */
    long runNanos() {
        return runNanos;
    }

    /** At most ten, the latest last. */
    List<TaskOutcome> lastOutcomes() {
        long word = outcomes;
        List<TaskOutcome> last = new ArrayList<>(KEPT);
        for (int i = KEPT - 1; i >= 0; i--) {
            int code = (int) (word >>> (i * BITS) & ONE);
            if (code != 0) {
                last.add(OUTCOMES[code - 1]);
            }
        }
        return last;
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.TaskOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has been doing. Written by its thread or the caller that has borrowed it, one at a time, and read by any: so
 * a write need not wait until all others can see it.
 */
final class WorkerJournal {

    private static final TaskOutcome[] OUTCOMES = TaskOutcome.values();
    private static final int KEPT = 10;
    private static final int BITS = 3;
    private static final long ONE = (1L << BITS) - 1;
    private static final long ALL = (1L << (KEPT * BITS)) - 1;
    private static final long IDLE = Long.MIN_VALUE;

    private final int id;
    /** When the attempt under way began. */
    private final AtomicLong busySinceNanos = new AtomicLong(IDLE);
    /** The last outcomes, three bits each, 0 for none, the latest lowest; so that one write publishes all. */
    private final AtomicLong outcomes = new AtomicLong();

    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong runNanos = new AtomicLong();

    WorkerJournal(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    void began(long nowNanos) {
        busySinceNanos.setRelease(nowNanos == IDLE ? IDLE + 1 : nowNanos);
    }

    /** An attempt has finished. */
    void ran(long nanos) {
        runNanos.setRelease(runNanos.getPlain() + nanos);
        attempts.setRelease(attempts.getPlain() + 1);
    }

    /** @param outcome how the attempt left its task; null if it did not */
    void ended(@Nullable TaskOutcome outcome) {
        if (outcome != null) {
            outcomes.setRelease((outcomes.getPlain() << BITS | (outcome.ordinal() + 1)) & ALL);
        }
        busySinceNanos.setRelease(IDLE);
    }

    /** How long the attempt under way has run, at the time given; -1 if there is none. */
    long busyNanos(long nowNanos) {
        long since = busySinceNanos.get();
        return since == IDLE ? -1 : Math.max(0, nowNanos - since);
    }

    /** The attempts that have finished. */
    long attempts() {
        return attempts.get();
    }

    /** How long those ran, in all. */
    long runNanos() {
        return runNanos.get();
    }

    /** At most ten, the latest last. */
    List<TaskOutcome> lastOutcomes() {
        long word = outcomes.get();
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

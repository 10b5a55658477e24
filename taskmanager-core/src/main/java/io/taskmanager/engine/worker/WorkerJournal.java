package io.taskmanager.engine.worker;

import io.taskmanager.TaskOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker has been doing. Written by its thread or the caller that has borrowed it, read by any. */
final class WorkerJournal {

    private static final TaskOutcome[] OUTCOMES = TaskOutcome.values();
    private static final int KEPT = 10;
    private static final int BITS = 3;
    private static final long ONE = (1L << BITS) - 1;
    private static final long ALL = (1L << (KEPT * BITS)) - 1;

    private final int id;
    private volatile long busySinceNanos;
    private volatile boolean busy;
    /** The last outcomes, three bits each, 0 for none, the latest lowest; so that one write publishes all. */
    private volatile long outcomes;

    WorkerJournal(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    void began(long nowNanos) {
        busySinceNanos = nowNanos;
        busy = true;
    }

    /** @param outcome how the attempt left its task; null if it did not */
    void ended(@Nullable TaskOutcome outcome) {
        if (outcome != null) {
            outcomes = (outcomes << BITS | (outcome.ordinal() + 1)) & ALL;
        }
        busy = false;
    }

    boolean isBusy() {
        return busy;
    }

    long busyNanos(long nowNanos) {
        return Math.max(0, nowNanos - busySinceNanos);
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

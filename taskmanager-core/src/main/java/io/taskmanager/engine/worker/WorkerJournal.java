package io.taskmanager.engine.worker;

import io.taskmanager.TaskOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker has been doing. Written by its thread, read by any. */
final class WorkerJournal {

    private static final int KEPT = 10;
    private static final int COMPLETED = 1;
    private static final int FAILED = 2;
    private static final int BITS = 2;
    private static final long MASK = (1L << (KEPT * BITS)) - 1;

    private final int id;
    private volatile long busySinceNanos;
    private volatile boolean busy;
    /** The last outcomes, two bits each, the latest lowest; so that one write publishes all. */
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

    void ended(@Nullable Throwable error) {
        outcomes = (outcomes << BITS | (error == null ? COMPLETED : FAILED)) & MASK;
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
            long code = word >>> (i * BITS) & 3;
            if (code != 0) {
                last.add(code == COMPLETED ? TaskOutcome.COMPLETED : TaskOutcome.FAILED);
            }
        }
        return last;
    }
}

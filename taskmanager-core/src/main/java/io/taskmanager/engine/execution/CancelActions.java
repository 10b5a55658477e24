package io.taskmanager.engine.execution;

import io.taskmanager.engine.support.Guard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the task of an attempt wants done when it is cancelled: its onCancel actions, run once and in order by the canceller who
 * has taken them. Guarded by the attempt's monitor, which {@link #run} takes only when it has done: the end of the attempt waits
 * there for that.
 */
final class CancelActions implements Runnable {

    private final AttemptContext attempt;
    private final Guard guard;

    /** Not changed any more once they are taken, until they have run. */
    private final List<Guard.Action> list = new ArrayList<>(1);

    private boolean taken;
    private boolean running;

    CancelActions(AttemptContext attempt, Guard guard) {
        this.attempt = attempt;
        this.guard = guard;
    }

    /** Under the monitor, and before the attempt is cancelled. */
    void add(Runnable action) {
        list.add(action::run);
    }

    /** Under the monitor. This, for the first canceller to run; null for the others. Needs no memory. */
    @Nullable
    Runnable take() {
        if (taken) {
            return null;
        }
        taken = true;
        running = true;
        return this;
    }

    /** Under the monitor. Whether they are taken, and not all have run. */
    boolean areRunning() {
        return running;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < list.size(); i++) { // an iterator would want memory
                guard.run("an onCancel action", list.get(i));
            }
        } finally {
            synchronized (attempt) {
                list.clear(); // a task may keep its context
                running = false;
                attempt.notifyAll();
            }
        }
    }
}

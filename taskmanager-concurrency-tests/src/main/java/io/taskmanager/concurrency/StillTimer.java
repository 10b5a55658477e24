package io.taskmanager.concurrency;

import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that stands still; an actor fires what is due. As with a real one, a cancel may come too late. */
public final class StillTimer implements Timer {

    private final AtomicInteger pending = new AtomicInteger();
    private volatile Entry last;

    /** Fires the action that was set last; false if it had been cancelled or fired. */
    public boolean fire() {
        return last.fire();
    }

    /** The action that was set last, for an actor to fire after others were set. */
    public Entry last() {
        return last;
    }

    /** How many actions were set, and neither fired nor cancelled: garbage, once a task has ended. */
    public int pending() {
        return pending.get();
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        pending.incrementAndGet();
        Entry entry = new Entry(action);
        last = entry;
        return entry;
    }

    @Override
    public Cancellable every(Duration delay, Runnable action) {
        throw new UnsupportedOperationException("no race needs it");
    }

    @Override
    public void close() {}

    /** One action. */
    public final class Entry implements Cancellable {
        private final Runnable action;
        private final AtomicBoolean over = new AtomicBoolean();

        Entry(Runnable action) {
            this.action = action;
        }

        public boolean fire() {
            if (!end()) {
                return false;
            }
            action.run();
            return true;
        }

        @Override
        public void cancel() {
            end();
        }

        private boolean end() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            pending.decrementAndGet();
            return true;
        }
    }
}

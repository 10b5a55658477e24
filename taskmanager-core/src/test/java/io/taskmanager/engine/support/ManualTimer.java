package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that moves only when told to, and runs on the mover's thread what falls due. */
public final class ManualTimer implements Timer {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparingLong(Entry::dueNanos));
    private long now = 1_000;
    private boolean closed;

    private record Entry(long dueNanos, Runnable action) {}

    @Override
    public synchronized long nanos() {
        return now;
    }

    @Override
    public synchronized Cancellable after(Duration delay, Runnable action) {
        if (closed) {
            return () -> {};
        }
        Entry entry = new Entry(now + delay.toNanos(), action);
        entries.add(entry);
        return () -> remove(entry);
    }

    @Override
    public Cancellable every(Duration delay, Runnable action) {
        Repeating repeating = new Repeating(delay, action);
        repeating.schedule();
        return repeating;
    }

    private final class Repeating implements Cancellable {
        private final Duration delay;
        private final Runnable action;
        private Cancellable next = () -> {};
        private boolean cancelled;

        Repeating(Duration delay, Runnable action) {
            this.delay = delay;
            this.action = action;
        }

        synchronized void schedule() {
            if (!cancelled) {
                next = after(delay, () -> {
                    action.run(); // which may cancel this
                    schedule();
                });
            }
        }

        @Override
        public synchronized void cancel() {
            cancelled = true;
            next.cancel();
        }
    }

    /** Moves the clock, stopping at each action that falls due to run it. */
    public void advance(Duration by) {
        long end = nanos() + by.toNanos();
        Entry due = pollDue(end);
        while (due != null) {
            due.action().run();
            due = pollDue(end);
        }
        moveTo(end);
    }

    /** How many actions wait. */
    public synchronized int pending() {
        return entries.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        entries.clear();
    }

    private synchronized Entry pollDue(long end) {
        Entry first = entries.peek();
        if (first == null || first.dueNanos() > end) {
            return null;
        }
        now = Math.max(now, first.dueNanos());
        return entries.poll();
    }

    private synchronized void moveTo(long end) {
        now = Math.max(now, end);
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
    }
}

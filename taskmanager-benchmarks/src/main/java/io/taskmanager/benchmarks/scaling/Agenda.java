package io.taskmanager.benchmarks.scaling;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time in seconds: what is to happen, and a clock that jumps to it. What is due at once happens as it was entered. */
final class Agenda {

    private record Entry(double time, long number, Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingDouble(Entry::time).thenComparingLong(Entry::number));

    private double now;
    private long lastNumber;

    double now() {
        return now;
    }

    void after(double seconds, Runnable action) {
        at(now + seconds, action);
    }

    void at(double time, Runnable action) {
        entries.add(new Entry(time, ++lastNumber, action));
    }

    void runNext() {
        Entry next = entries.remove();
        now = next.time;
        next.action.run();
    }
}

package io.taskmanager.engine;

import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerConfig;
import io.taskmanager.engine.support.SystemTimer;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;

/**
 * Creates managers whose long delays, such as the back-off of an outage, are cut to a fraction: what would take a minute
 * takes seconds. Delays below the cut, and the clock, are real.
 */
public final class HurriedManagers {

    private static final Duration LONG = Duration.ofMillis(50);
    private static final int HURRY = 25;

    private HurriedManagers() {}

    /** As {@link TaskManagers#create(TaskManagerConfig)}. */
    public static <R, E> TaskManager<R, E> create(TaskManagerConfig<R> config) {
        return TaskManagers.create(config, new HurriedTimer(new SystemTimer(config.name() + "-timer")));
    }

    /** As {@link TaskManagers#begin(TaskManagerConfig)}. */
    public static <R, E> TaskManager<R, E> begin(TaskManagerConfig<R> config) {
        return TaskManagers.begin(config, new HurriedTimer(new SystemTimer(config.name() + "-timer")));
    }

    private record HurriedTimer(Timer real) implements Timer {

        @Override
        public long nanos() {
            return real.nanos();
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            return real.after(hurried(delay), action);
        }

        @Override
        public Cancellable every(Duration delay, Runnable action) {
            return real.every(hurried(delay), action);
        }

        @Override
        public void close() {
            real.close();
        }

        private static Duration hurried(Duration delay) {
            return delay.compareTo(LONG) < 0 ? delay : delay.dividedBy(HURRY);
        }
    }
}

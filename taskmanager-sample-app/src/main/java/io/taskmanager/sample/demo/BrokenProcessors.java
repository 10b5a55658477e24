package io.taskmanager.sample.demo;

import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import org.jspecify.annotations.Nullable;

/**
 * Breaks image processors. First each third task breaks the one that it has: the task is retried with another, and a new one
 * is made. After so many, all break and none can be made: an outage, until the episode is over. The number of broken ones
 * decides, not the time, so that a fast machine shows the same as a slow one.
 */
final class BrokenProcessors implements DemoAction, TaskDecorator {

    static final int TASKS_FOR_EACH = 3;
    static final int BEFORE_THE_OUTAGE = 12;

    private final Episode episode;
    private int tasks; // guarded by this

    BrokenProcessors(Episode episode) {
        this.episode = episode;
    }

    @Override
    public String name() {
        return "break-processors";
    }

    @Override
    public synchronized boolean begin() {
        boolean begun = episode.begin();
        tasks = begun ? 0 : tasks;
        return begun;
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        return (context, processor) -> {
            beforeTask();
            return task.execute(context, processor);
        };
    }

    private synchronized void beforeTask() {
        if (episode.isOn()) {
            tasks++;
            if (isOutage() || tasks % TASKS_FOR_EACH == 0) {
                throw new BrokenProcessorException("the processor broke");
            }
        }
    }

    synchronized void beforeCreation() {
        if (episode.isOn() && isOutage()) {
            throw new BrokenProcessorException("no processor can be made");
        }
    }

    private boolean isOutage() {
        return tasks >= TASKS_FOR_EACH * BEFORE_THE_OUTAGE;
    }

    @Override
    public synchronized State state() {
        long left = episode.secondsLeft();
        if (left == 0) {
            return new State(false, 0, "");
        }
        return new State(true, left, isOutage() ? "no processor can be made" : "each third task breaks its processor");
    }
}

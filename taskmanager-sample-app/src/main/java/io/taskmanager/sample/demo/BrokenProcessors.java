package io.taskmanager.sample.demo;

import java.time.Duration;

/**
 * Breaks image processors. First each third task breaks the one that it has: the task is retried with another, and a new one
 * is made. After so many, all break and none can be made: an outage, until the episode is over. The number of broken ones
 * decides, not the time, so that a fast machine shows the same as a slow one.
 */
final class BrokenProcessors implements DemoAction {

    static final int TASKS_FOR_EACH = 3;
    static final int BEFORE_THE_OUTAGE = 20;
    /** Without it, a fast machine would be through with them before anybody saw one. */
    private static final Duration SLOWNESS = Duration.ofMillis(250);

    private final Episode episode;
    private final Pause pause;
    private int tasks; // guarded by this

    BrokenProcessors(Episode episode, Pause pause) {
        this.episode = episode;
        this.pause = pause;
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

    void beforeTask() throws InterruptedException {
        if (episode.isOn()) {
            pause.of(SLOWNESS);
            breakOrNot();
        }
    }

    private synchronized void breakOrNot() {
        tasks++;
        if (isOutage() || tasks % TASKS_FOR_EACH == 0) {
            throw new BrokenProcessorException("the processor broke");
        }
    }

    synchronized void beforeCreation() {
        if (isOutage()) {
            throw new BrokenProcessorException("no processor can be made");
        }
    }

    private boolean isOutage() {
        return episode.isOn() && tasks >= TASKS_FOR_EACH * BEFORE_THE_OUTAGE;
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

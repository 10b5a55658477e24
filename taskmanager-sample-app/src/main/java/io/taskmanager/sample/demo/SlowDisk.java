package io.taskmanager.sample.demo;

import io.taskmanager.sample.store.BeforeWrite;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Delays each write to the data folder. */
final class SlowDisk implements DemoAction, BeforeWrite {

    private final Episode episode;
    private final Pause pause;
    private final Duration delay;

    SlowDisk(Episode episode, Pause pause, Duration delay) {
        this.episode = episode;
        this.pause = pause;
        this.delay = delay;
    }

    @Override
    public String name() {
        return "slow-disk";
    }

    @Override
    public boolean begin() {
        return episode.begin();
    }

    @Override
    public void run() throws InterruptedIOException {
        if (episode.isOn()) {
            pause();
        }
    }

    /** An interrupt ends it as it would end the write. */
    private void pause() throws InterruptedIOException {
        try {
            pause.of(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public State state() {
        long left = episode.secondsLeft();
        return new State(left > 0, left, left > 0 ? "each write takes " + delay.toMillis() + " ms longer" : "");
    }

    /** Lets some time pass. */
    @FunctionalInterface
    interface Pause {
        void of(Duration time) throws InterruptedException;
    }
}

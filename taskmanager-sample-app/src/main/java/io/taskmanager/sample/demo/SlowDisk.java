package io.taskmanager.sample.demo;

import io.taskmanager.sample.store.BeforeWrite;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Delays each write to the data folder. */
final class SlowDisk implements DemoAction, BeforeWrite {

    private static final Duration DELAY = Duration.ofMillis(100);

    private final Episode episode;
    private final Pause pause;

    SlowDisk(Episode episode, Pause pause) {
        this.episode = episode;
        this.pause = pause;
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
            pause.of(DELAY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public State state() {
        long left = episode.secondsLeft();
        return new State(left > 0, left, left > 0 ? "each write takes " + DELAY.toMillis() + " ms longer" : "");
    }
}

package io.taskmanager.sample.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** A time that something lasts. It is over when the clock says so: no thread has to end it, so none can forget to. */
final class Episode {

    private final Clock clock;
    private final Duration length;
    private volatile Instant end = Instant.MIN; // written under this

    Episode(Clock clock, Duration length) {
        this.clock = clock;
        this.length = length;
    }

    /** Begins, unless it is on: one that could be prolonged would have no bound. */
    synchronized boolean begin() {
        if (isOn()) {
            return false;
        }
        end = clock.instant().plus(length);
        return true;
    }

    boolean isOn() {
        return clock.instant().isBefore(end);
    }

    /** The seconds until the end, begun ones counted; 0 when it is over. */
    long secondsLeft() {
        Instant now = clock.instant();
        return now.isBefore(end) ? Duration.between(now, end).plusMillis(999).toSeconds() : 0;
    }
}

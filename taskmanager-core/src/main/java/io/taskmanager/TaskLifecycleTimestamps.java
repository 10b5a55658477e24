package io.taskmanager;

import java.time.Duration;
import java.time.Instant;

/**
 * When a task was queued, when its last attempt started and when that finished: {@link System#nanoTime()} readings of
 * this process, equal where a step took no time.
 *
 * @param queuedNanos when the task was accepted; for a caller that waits for room, when there was room; for
 *     {@link TaskManager#runTask}, when it was called
 * @param startedNanos when its last attempt started; where no attempt was made, when the task ended
 * @param finishedNanos when its last attempt ended, also for a task that ends while it waits for a retry; where no attempt
 *     was made, when the task ended; for a task that is cancelled or timed out while it runs, when that was
 */
public record TaskLifecycleTimestamps(long queuedNanos, long startedNanos, long finishedNanos) {

    /** From acceptance to the start of the last attempt; for a retried task this includes earlier attempts. */
    public Duration waitTime() {
        return Duration.ofNanos(startedNanos - queuedNanos);
    }

    /** How long the last attempt ran; zero where none was made. */
    public Duration executionTime() {
        return Duration.ofNanos(finishedNanos - startedNanos);
    }

    /** {@link #queuedNanos} on the wall clock, as it stands now. */
    public Instant queuedAt() {
        return toInstant(queuedNanos);
    }

    /** {@link #startedNanos} on the wall clock, as it stands now. */
    public Instant startedAt() {
        return toInstant(startedNanos);
    }

    /** {@link #finishedNanos} on the wall clock, as it stands now. */
    public Instant finishedAt() {
        return toInstant(finishedNanos);
    }

    private static Instant toInstant(long nanos) {
        return Instant.now().minusNanos(System.nanoTime() - nanos);
    }
}

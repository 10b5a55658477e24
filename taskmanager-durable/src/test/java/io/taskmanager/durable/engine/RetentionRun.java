package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTaskState;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** One run of the retention, which deletes nothing. */
public record RetentionRun(TaskStore store) {

    public void run() {
        new Retention(store, Map.of(DurableTaskState.SUCCEEDED, Duration.ofDays(1000)), Clock.systemUTC()).deleteOld();
    }
}

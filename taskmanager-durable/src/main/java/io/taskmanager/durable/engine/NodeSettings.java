package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTaskState;
import java.time.Duration;
import java.util.Map;

/**
 * How a node looks for tasks and for dead nodes.
 *
 * @param pollingInterval how often it looks for tasks that are due, where nothing tells it to
 * @param heartbeatInterval how often it says of each task that it has it
 * @param missedHeartbeatsLimit after how many without a word a node is dead
 * @param stopTimeout how long its shutdown waits for what runs
 * @param phase of the application's lifecycle: above that of the managers, which stop after it
 * @param retention how long tasks are kept that have ended so
 */
public record NodeSettings(
        Duration pollingInterval,
        Duration heartbeatInterval,
        int missedHeartbeatsLimit,
        Duration stopTimeout,
        int phase,
        Map<DurableTaskState, Duration> retention) {

    /** What db-scheduler asks for. */
    public static final int MIN_MISSED_HEARTBEATS = 4;

    public NodeSettings {
        retention = Map.copyOf(retention);
    }
}

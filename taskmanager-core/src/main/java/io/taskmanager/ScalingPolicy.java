package io.taskmanager;

/**
 * Says how many workers there should be. Called every {@link TaskManagerConfig#burstInterval()} by one thread; must be
 * quick. A pure function: all that it needs is in the snapshot. What it throws is logged, and the count stays.
 */
@FunctionalInterface
public interface ScalingPolicy {

    /** The number of workers wanted; taken as the nearest in [{@code baseWorkers}, {@code maxWorkers}]. */
    int targetWorkers(ScalingSnapshot snapshot);
}

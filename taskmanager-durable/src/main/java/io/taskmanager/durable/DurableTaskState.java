package io.taskmanager.durable;

/** Where a durable task is. The first two pass; the others stay until the task is deleted, or queued again by a redrive. */
public enum DurableTaskState {
    /** Waits for its time, for its back-off to end, or for a node. */
    QUEUED,
    /** A node has it: it runs, or waits there for a worker. */
    RUNNING,
    /** Its handler has returned. */
    SUCCEEDED,
    /** At most once: its handler has thrown, or was interrupted by the node's shutdown. */
    FAILED,
    /** At least once: its handler has thrown on the last delivery that its retries allow. */
    DEAD_LETTER,
    /** At most once: the node died after it began, and nobody knows how far it came. */
    LOST,
    /** Was cancelled before it began. */
    CANCELLED;

    /** Whether {@link DurableTaskClient#redrive} may queue the task again. */
    public boolean canBeRedriven() {
        return this == FAILED || this == DEAD_LETTER || this == LOST;
    }

    /** Whether the task has come to its end. */
    public boolean isFinal() {
        return this != QUEUED && this != RUNNING;
    }
}

package io.taskmanager.durable.engine;

/**
 * Is told what became of tasks on this node, each time after that was committed. Called by the thread that has written it, so it must
 * be quick; what it throws is logged, and changes nothing for the task.
 */
public interface OutcomeObserver {

    /** What became of a delivery. One that did not begin, or that a shutdown has broken off, is none of them where it is queued again. */
    enum Kind {
        /** The handler has returned. */
        SUCCEEDED,
        /** At most once: the handler has thrown, or was interrupted. */
        FAILED,
        /** At least once: the handler has thrown, and the task is queued again. */
        RETRIED,
        /** At least once: the handler has thrown on the last delivery, or the task has taken too many nodes with it. */
        DEAD_LETTER,
        /** At most once: another node has died, and had the task. */
        LOST,
        /** The task was another node's before this one has written its outcome, which does not count. */
        SUPERSEDED
    }

    /** That has become of a task of the type. */
    void outcome(String type, Kind kind);
}

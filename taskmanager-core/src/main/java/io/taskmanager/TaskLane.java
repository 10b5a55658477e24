package io.taskmanager;

/** Where a task was submitted. */
public enum TaskLane {
    /** The main lane. */
    MAIN,
    /** The priority lane. */
    PRIORITY,
    /** No lane: {@link TaskManager#runTask}. */
    DIRECT
}

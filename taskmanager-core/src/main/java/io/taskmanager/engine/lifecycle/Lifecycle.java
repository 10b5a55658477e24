package io.taskmanager.engine.lifecycle;

import io.taskmanager.TaskManagerState;

/**
 * The state of a manager.
 *
 * <pre>
 * RUNNING  -> STOPPING     stop()
 * RUNNING  -> KILLED       kill()
 * STOPPING -> KILLED       kill(), or the timeout of stop(Duration)
 * STOPPING -> TERMINATED   every accepted task is answered, every worker has ended
 * KILLED   -> TERMINATED   every worker has ended; after an abandoned task, when that returns
 * </pre>
 *
 * Each move is made by exactly one thread; the one that loses the race sees false.
 */
public final class Lifecycle {

    /** Written under this object's monitor; read without it. */
    private volatile TaskManagerState state = TaskManagerState.RUNNING;

    public TaskManagerState state() {
        return state;
    }

    public boolean isRunning() {
        return state == TaskManagerState.RUNNING;
    }

    /** RUNNING to STOPPING. */
    public boolean running2stopping() {
        return move(TaskManagerState.RUNNING, TaskManagerState.RUNNING, TaskManagerState.STOPPING);
    }

    /** RUNNING or STOPPING to KILLED. */
    public boolean live2killed() {
        return move(TaskManagerState.RUNNING, TaskManagerState.STOPPING, TaskManagerState.KILLED);
    }

    /** STOPPING or KILLED to TERMINATED. */
    public boolean shut2terminated() {
        return move(TaskManagerState.STOPPING, TaskManagerState.KILLED, TaskManagerState.TERMINATED);
    }

    private synchronized boolean move(TaskManagerState from, TaskManagerState orFrom, TaskManagerState to) {
        if (state != from && state != orFrom) {
            return false;
        }
        state = to;
        return true;
    }
}

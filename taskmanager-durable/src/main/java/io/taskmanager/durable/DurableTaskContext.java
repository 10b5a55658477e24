package io.taskmanager.durable;

import io.taskmanager.TaskContext;

/** What a running durable task knows of itself. {@link #attempt} counts within this delivery alone. */
public interface DurableTaskContext extends TaskContext {

    /** The task's name in the database, the same for each delivery: a key for whatever must happen once. */
    TaskId taskId();

    /**
     * How often the task was handed to a node, over all nodes: 1 for the first. It goes on counting after a redrive; a task that runs at
     * most once is at more than 1 only after that.
     */
    int delivery();
}

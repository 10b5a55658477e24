package io.taskmanager;

/**
 * Told of what happens in a manager. Called on the hot path by the thread that made it happen, many at a time: must be
 * quick and must not block. What a method throws is logged, and the manager goes on.
 */
public interface TaskManagerListener {

    /** Something happened; called for each {@link TaskManagerEvent} once. */
    default void event(TaskManagerEvent event) {}

    /** A task was not accepted; called once for each, before its caller is told. */
    default void taskRejected(TaskRejected event) {}

    /** An accepted task was answered; called once for each, before its answer is handed out. */
    default void taskFinished(TaskFinished event) {}

    /**
     * Whether {@link #taskFinished} is to be called. Asked once, when the manager is created: where nobody listens, a task
     * costs no event. By default, whether the method is overridden.
     */
    default boolean listensToFinishedTasks() {
        try {
            return getClass().getMethod("taskFinished", TaskFinished.class).getDeclaringClass()
                    != TaskManagerListener.class;
        } catch (NoSuchMethodException e) {
            return true; // a native image that was not told to keep it
        }
    }
}

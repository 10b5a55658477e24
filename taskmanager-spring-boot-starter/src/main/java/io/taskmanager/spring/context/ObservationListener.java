package io.taskmanager.spring.context;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerListener;

/** Ends the observation of each task that a {@link ContextDecorator} began one for. */
public final class ObservationListener implements TaskManagerListener {

    @Override
    public void taskFinished(TaskFinished event) {
        if (event.task() instanceof ContextTask<?, ?> task) {
            task.finished(event);
        }
    }
}

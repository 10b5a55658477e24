package io.taskmanager.testkit;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps each event. */
public final class RecordingListener implements TaskManagerListener {

    private final List<TaskFinished> finished = new CopyOnWriteArrayList<>();

    @Override
    public void taskFinished(TaskFinished event) {
        finished.add(event);
    }

    public List<TaskFinished> finished() {
        return finished;
    }
}

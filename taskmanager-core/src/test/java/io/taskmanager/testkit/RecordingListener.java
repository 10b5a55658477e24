package io.taskmanager.testkit;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerEvent.Type;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskRejected;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps each event. */
public final class RecordingListener implements TaskManagerListener {

    private final List<TaskFinished> finished = new CopyOnWriteArrayList<>();
    private final List<TaskRejected> rejected = new CopyOnWriteArrayList<>();
    private final List<TaskManagerEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void event(TaskManagerEvent event) {
        events.add(event);
    }

    @Override
    public void taskRejected(TaskRejected event) {
        rejected.add(event);
    }

    @Override
    public void taskFinished(TaskFinished event) {
        finished.add(event);
    }

    public List<TaskRejected> rejected() {
        return rejected;
    }

    /** Why each resource was destroyed that was, in that order. */
    public List<Cause> destructions() {
        return events.stream()
                .filter(event -> event.type() == Type.RESOURCE_DESTROYED)
                .map(TaskManagerEvent::cause)
                .toList();
    }

    public List<TaskFinished> finished() {
        return finished;
    }
}

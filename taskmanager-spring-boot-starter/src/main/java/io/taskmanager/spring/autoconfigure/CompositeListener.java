package io.taskmanager.spring.autoconfigure;

import io.taskmanager.TaskFinished;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskRejected;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, or one, each of them also when one before it throws. */
final class CompositeListener implements TaskManagerListener {

    private final List<TaskManagerListener> listeners;
    /** Those of them that are told of each task. */
    private final List<TaskManagerListener> ofTasks;

    CompositeListener(List<TaskManagerListener> listeners) {
        this.listeners = List.copyOf(listeners);
        this.ofTasks = listeners.stream()
                .filter(TaskManagerListener::listensToFinishedTasks)
                .toList();
    }

    @Override
    public boolean listensToFinishedTasks() {
        return !ofTasks.isEmpty();
    }

    @Override
    public void event(TaskManagerEvent event) {
        tellAll(listeners, listener -> listener.event(event));
    }

    @Override
    public void taskRejected(TaskRejected event) {
        tellAll(listeners, listener -> listener.taskRejected(event));
    }

    @Override
    public void taskFinished(TaskFinished event) {
        tellAll(ofTasks, listener -> listener.taskFinished(event));
    }

    private static void tellAll(List<TaskManagerListener> listeners, Consumer<TaskManagerListener> call) {
        Throwable first = null;
        for (TaskManagerListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                first = joined(first, e);
            }
        }
        if (first instanceof Error error) {
            throw error;
        } else if (first != null) {
            throw (RuntimeException) first;
        }
    }

    private static Throwable joined(@Nullable Throwable first, Throwable next) {
        if (first == null) {
            return next;
        }
        if (first != next) {
            first.addSuppressed(next);
        }
        return first;
    }
}

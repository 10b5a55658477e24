package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskManagerException;
import io.taskmanager.TaskTimeoutException;
import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The observation of one task: started by its first attempt, stopped by its end, which the same thread or a canceller brings
 * about, or by the end of its callback if it has one.
 */
final class TaskObservation {

    private static final TaskObservationConvention DEFAULT = new DefaultTaskObservationConvention();
    private static final Observation.Event RETRY = Observation.Event.of("retry");

    private final Source source;
    /** The submitter's, if it has one. */
    private final @Nullable Observation parent;
    /** Written before another thread can have the task. */
    private boolean hasCallback;

    // All guarded by this.
    private @Nullable Observation observation;
    private @Nullable TaskObservationContext context;
    private @Nullable Throwable lastError;
    private boolean ended;

    private TaskObservation(Source source) {
        this.source = source;
        this.parent = source.registry().getCurrentObservation();
    }

    /** By the thread that submits the task, as the task is. */
    void endsWithCallback() {
        hasCallback = true;
    }

    /** Around an attempt. */
    synchronized Scope attempt(TaskContext task) {
        if (ended) {
            return ContextDecorator.NO_SCOPE; // a canceller has ended the task since this attempt began
        }
        Observation started = started(task.taskName(), task.lane(), task.tags(), task.attempt());
        if (task.attempt() > 1) {
            started.event(RETRY);
        }
        Observation.Scope scope = started.openScope();
        return scope::close;
    }

    synchronized void noteError(Throwable error) {
        lastError = error;
    }

    /** Notes how the task ended; the observation of one that never ran has no length but its callback's. */
    synchronized void finished(TaskFinished event) {
        if (ended) {
            return;
        }
        ended = true;
        Observation started = started(event.taskName(), event.lane(), event.tags(), event.attempts());
        Objects.requireNonNull(context).ended(event);
        Throwable error = errorOf(event);
        if (error != null) {
            started.error(error);
        }
        if (!hasCallback) {
            started.stop();
        }
    }

    /** Around the callback, which ends it; nothing, if the task was refused. */
    synchronized Scope callback() {
        Observation started = observation;
        if (started == null) {
            return ContextDecorator.NO_SCOPE;
        }
        Observation.Scope scope = started.openScope();
        return () -> {
            scope.close();
            started.stop();
        };
    }

    private Observation started(String taskName, TaskLane lane, Map<String, String> tags, int attempts) {
        if (observation == null) {
            context = new TaskObservationContext(source.managerName(), taskName, lane, tags);
            context.started(attempts);
            TaskObservationContext made = context;
            observation = Observation.createNotStarted(source.convention(), DEFAULT, () -> made, source.registry())
                    .parentObservation(parent)
                    .start();
        } else {
            Objects.requireNonNull(context).started(attempts);
        }
        return observation;
    }

    /** Only the error of a task that failed for good: that of a retried attempt is none of the task's. */
    private @Nullable Throwable errorOf(TaskFinished event) {
        return switch (event.outcome()) {
            case COMPLETED, CANCELLED -> null;
            case TIMED_OUT ->
                new TaskTimeoutException(
                        described(event) + " ran into a time limit, started " + event.attempts() + " times");
            case FAILED ->
                lastError != null
                        ? lastError
                        : new TaskManagerException(described(event) + " failed, and has thrown nothing", null);
        };
    }

    private static String described(TaskFinished event) {
        return "task \"" + event.taskName() + "\" of manager \"" + event.managerName() + "\"";
    }

    /** What the observations of one manager are made with. */
    record Source(
            String managerName,
            ObservationRegistry registry,
            @Nullable TaskObservationConvention convention) {

        /** By the thread that submits the task. */
        TaskObservation ofTask() {
            return new TaskObservation(this);
        }
    }
}

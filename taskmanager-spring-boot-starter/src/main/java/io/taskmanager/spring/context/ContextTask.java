package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
import io.taskmanager.CapturingTask;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskOutcome;
import io.taskmanager.spring.context.ContextCapture.Captured;
import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A task with what its submitter had around it. */
final class ContextTask<R, T extends @Nullable Object> implements CapturingTask<R, T> {

    static final String OBSERVATION = "taskmanager.task";

    private final ContextDecorator decorator;
    private final Task<R, T> task;
    // Written before another thread can have the task.
    private LogContext log;
    private Captured captured = ContextDecorator.NOTHING;
    /** Started by the first attempt, stopped by the end of the task, which the same thread or a canceller brings about. */
    private final @Nullable Observation observation;

    private boolean started; // Guarded by this.
    private boolean stopped; // Guarded by this.
    private @Nullable Throwable lastError; // Guarded by this.

    ContextTask(ContextDecorator decorator, Task<R, T> task, @Nullable Observation observation) {
        this.decorator = decorator;
        this.task = task;
        this.log = decorator.names();
        this.observation = observation;
    }

    @Override
    public void capture() {
        log = decorator.captureLog();
        captured = decorator.captureRest();
    }

    @Override
    public T execute(TaskContext context, R resource) throws Exception {
        boolean isHere = context.isOnCallersThread(); // with all its context around it
        try (Scope inLog = isHere ? log.add(context.taskName()) : log.set(context.taskName());
                Scope inContext = isHere ? ContextDecorator.NO_SCOPE : captured.set();
                Scope observed = observe()) {
            return task.execute(context, resource);
        } catch (Throwable e) {
            noteError(e);
            throw e;
        }
    }

    private synchronized void noteError(Throwable error) {
        lastError = error;
    }

    private Scope observe() {
        return observation == null ? ContextDecorator.NO_SCOPE : observe(observation);
    }

    private synchronized Scope observe(Observation observation) {
        if (stopped) {
            return ContextDecorator.NO_SCOPE; // a canceller has ended the task since this attempt began
        }
        if (!started) {
            started = true;
            observation.start();
        }
        Observation.Scope scope = observation.openScope();
        return scope::close;
    }

    /** Ends the observation; one of a task that never ran has no length. */
    synchronized void finished(TaskFinished event) {
        if (observation == null || stopped) {
            return;
        }
        stopped = true;
        observation
                .lowCardinalityKeyValue("name", event.managerName())
                .lowCardinalityKeyValue("lane", lower(event.lane()))
                .lowCardinalityKeyValue("outcome", lower(event.outcome()))
                .highCardinalityKeyValue("task", event.taskName())
                .highCardinalityKeyValue("attempts", String.valueOf(event.attempts()));
        if (!started) {
            observation.start();
        }
        if (event.outcome() == TaskOutcome.FAILED && lastError != null) {
            observation.error(lastError); // that of a retried attempt is none of the task's
        }
        observation.stop();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

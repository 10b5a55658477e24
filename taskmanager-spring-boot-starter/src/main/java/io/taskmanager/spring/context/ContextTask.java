package io.taskmanager.spring.context;

import io.taskmanager.CapturingTask;
import io.taskmanager.Task;
import io.taskmanager.TaskContext;
import io.taskmanager.TaskFinished;
import io.taskmanager.spring.context.ContextCapture.Captured;
import io.taskmanager.spring.context.ContextCapture.Scope;
import org.jspecify.annotations.Nullable;

/** A task with what its submitter had around it. */
final class ContextTask<R, T extends @Nullable Object> implements CapturingTask<R, T> {

    private final ContextDecorator decorator;
    private final Task<R, T> task;
    private final @Nullable TaskObservation observation;
    // Written before another thread can have the task.
    private LogContext log;
    private Captured captured = ContextDecorator.NOTHING;

    ContextTask(ContextDecorator decorator, Task<R, T> task, @Nullable TaskObservation observation) {
        this.decorator = decorator;
        this.task = task;
        this.log = decorator.names();
        this.observation = observation;
    }

    @Override
    public void capture() {
        log = decorator.captureLog();
        captured = decorator.captureRest();
        if (task instanceof CapturingTask<?, ?> within) {
            within.capture();
        }
    }

    @Override
    public T execute(TaskContext context, R resource) throws Exception {
        boolean isHere = context.isOnCallersThread(); // with all its context around it
        try (Scope inLog = isHere ? log.add(context.taskName()) : log.set(context.taskName());
                Scope inContext = isHere ? ContextDecorator.NO_SCOPE : captured.set();
                Scope observed = observation == null ? ContextDecorator.NO_SCOPE : observation.attempt(context)) {
            return task.execute(context, resource);
        } catch (Throwable e) {
            if (observation != null) {
                observation.noteError(e);
            }
            throw e;
        }
    }

    void finished(TaskFinished event) {
        if (observation != null) {
            observation.finished(event);
        }
    }
}

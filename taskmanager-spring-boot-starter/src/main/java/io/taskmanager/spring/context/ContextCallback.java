package io.taskmanager.spring.context;

import io.taskmanager.spring.context.ContextCapture.Captured;
import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A callback with what the submitter of its task had around it. */
final class ContextCallback<T extends @Nullable Object> implements BiConsumer<T, @Nullable Throwable> {

    private final BiConsumer<T, @Nullable Throwable> callback;
    private final LogContext log;
    private final Captured captured;
    /** That of its task. Written before another thread can have this. */
    private @Nullable TaskObservation observation;

    ContextCallback(BiConsumer<T, @Nullable Throwable> callback, LogContext log, Captured captured) {
        this.callback = callback;
        this.log = log;
        this.captured = captured;
    }

    /** By the thread that submits the task. */
    void isWithin(TaskObservation ofTask) {
        observation = ofTask;
        ofTask.endsWithCallback();
    }

    @Override
    public void accept(T value, @Nullable Throwable error) {
        try (Scope inLog = log.set(null);
                Scope inContext = captured.set();
                Scope observed = observation == null ? ContextDecorator.NO_SCOPE : observation.callback()) {
            callback.accept(value, error);
        }
    }
}

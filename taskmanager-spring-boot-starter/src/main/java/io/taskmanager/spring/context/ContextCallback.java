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

    /** Calls back whatever becomes of what is around it, such as a handler of observations: that is thrown after it. */
    @Override
    public void accept(T value, @Nullable Throwable error) {
        boolean called = false;
        try (Scope inLog = log.set(null);
                Scope inContext = captured.set();
                Scope observed = observation == null ? ContextDecorator.NO_SCOPE : observation.callback()) {
            called = true;
            callback.accept(value, error);
        } catch (RuntimeException | Error e) {
            if (!called) {
                callBack(value, error, e);
            }
            throw e;
        }
    }

    private void callBack(T value, @Nullable Throwable error, Throwable before) {
        try {
            callback.accept(value, error);
        } catch (RuntimeException | Error e) {
            before.addSuppressed(e);
        }
    }
}

package io.taskmanager.spring.context;

import io.micrometer.observation.ObservationRegistry;
import io.taskmanager.Task;
import io.taskmanager.TaskDecorator;
import io.taskmanager.spring.context.ContextCapture.Captured;
import io.taskmanager.spring.context.ContextCapture.Scope;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Carries what the submitting thread has around it to the task, its retries and its callback: the SLF4J log context, to
 * which it adds {@code taskmanager} and {@code task}, and with Micrometer's {@code context-propagation} on the class path
 * all that is registered there, such as the trace and the security context. If there is an observation registry, and it is
 * asked to, each task is one observation, with its callback in it.
 */
public final class ContextDecorator implements TaskDecorator {

    private static final boolean SNAPSHOTS = ClassUtils.isPresent(
            "io.micrometer.context.ContextSnapshotFactory", ContextDecorator.class.getClassLoader());
    private static final Logger log = LoggerFactory.getLogger(ContextDecorator.class);
    static final Scope NO_SCOPE = () -> {};
    static final Captured NOTHING = () -> NO_SCOPE;

    private final boolean propagates;
    private final TaskDecorator inner;
    private final TaskObservation.@Nullable Source observations;
    private final ContextCapture capture;
    private final LogContext named;
    /**
     * The callback that was decorated last by this thread, until its task is, which is next: nothing else tells whose it is. Where
     * that does not follow, since the JVM has no memory or no stack, the callback is never called, and the observation of the
     * thread's next task does not end.
     */
    private final ThreadLocal<@Nullable ContextCallback<?>> callbackOfNext = new ThreadLocal<>();

    /**
     * A decorator for the tasks of one manager, which observes them if it is to and there is a registry to do it with.
     *
     * @param propagates whether what the submitter has around it goes with its tasks; the names do in any case
     * @param inner the application's, which has the context around what it gives
     */
    public static ContextDecorator of(
            String managerName, boolean propagates, boolean observed, TaskDecorator inner, BeanFactory beans) {
        ObservationRegistry registry =
                observed ? beans.getBeanProvider(ObservationRegistry.class).getIfAvailable() : null;
        if (observed && registry == null) {
            log.warn(
                    "The tasks of '{}' are not observed, since there is no ObservationRegistry bean;"
                            + " spring-boot-starter-actuator brings one",
                    managerName);
        }
        TaskObservation.Source observations = registry == null
                ? null
                : new TaskObservation.Source(
                        managerName,
                        registry,
                        beans.getBeanProvider(TaskObservationConvention.class).getIfAvailable());
        return new ContextDecorator(managerName, propagates, inner, observations);
    }

    private ContextDecorator(
            String managerName,
            boolean propagates,
            TaskDecorator inner,
            TaskObservation.@Nullable Source observations) {
        this.propagates = propagates;
        this.inner = inner;
        this.observations = observations;
        this.capture = propagates && SNAPSHOTS ? new SnapshotCapture() : () -> NOTHING;
        this.named = LogContext.none(managerName);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        TaskObservation observation = newObservation(); // before the inner one can throw, or submit
        return new ContextTask<>(this, inner.decorate(task), observation);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorateDirect(Task<R, T> task) {
        TaskObservation observation = newObservation();
        return new ContextTask<>(this, inner.decorateDirect(task), observation);
    }

    @Override
    public <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> decorateCallback(
            BiConsumer<T, @Nullable Throwable> callback) {
        ContextCallback<T> decorated =
                new ContextCallback<>(inner.decorateCallback(callback), captureLog(), captureRest());
        if (observations != null) {
            callbackOfNext.set(decorated);
        }
        return decorated;
    }

    private @Nullable TaskObservation newObservation() {
        if (observations == null) {
            return null;
        }
        TaskObservation observation = observations.ofTask();
        ContextCallback<?> callback = callbackOfNext.get();
        callbackOfNext.remove();
        if (callback != null) {
            callback.isWithin(observation);
        }
        return observation;
    }

    /** The names alone, to be {@linkplain LogContext#add added} where the submitter's log context is. */
    LogContext names() {
        return named;
    }

    LogContext captureLog() {
        return propagates ? named.capture() : named;
    }

    Captured captureRest() {
        return capture.capture();
    }
}

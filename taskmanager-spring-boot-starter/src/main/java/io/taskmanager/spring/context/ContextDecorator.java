package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
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
 * all that is registered there, such as the trace and the security context. If it is given an observation registry, each
 * task is one observation, named {@code taskmanager.task}.
 */
public final class ContextDecorator implements TaskDecorator {

    private static final boolean SNAPSHOTS = ClassUtils.isPresent(
            "io.micrometer.context.ContextSnapshotFactory", ContextDecorator.class.getClassLoader());
    private static final Logger log = LoggerFactory.getLogger(ContextDecorator.class);
    static final Scope NO_SCOPE = () -> {};
    static final Captured NOTHING = () -> NO_SCOPE;

    private final boolean propagates;
    private final @Nullable ObservationRegistry observations;
    private final ContextCapture capture;
    private final LogContext named;

    /**
     * A decorator for the tasks of one manager, which observes them if it is to and there is a registry to do it with.
     *
     * @param propagates whether what the submitter has around it goes with its tasks; the names do in any case
     */
    public static ContextDecorator of(String managerName, boolean propagates, boolean observed, BeanFactory beans) {
        ObservationRegistry registry =
                observed ? beans.getBeanProvider(ObservationRegistry.class).getIfAvailable() : null;
        if (observed && registry == null) {
            log.warn(
                    "The tasks of '{}' are not observed, since there is no ObservationRegistry bean;"
                            + " spring-boot-starter-actuator brings one",
                    managerName);
        }
        return new ContextDecorator(managerName, propagates, registry);
    }

    ContextDecorator(String managerName, boolean propagates, @Nullable ObservationRegistry observations) {
        this.propagates = propagates;
        this.observations = observations;
        this.capture = propagates && SNAPSHOTS ? new SnapshotCapture() : () -> NOTHING;
        this.named = LogContext.none(managerName);
    }

    @Override
    public <R, T extends @Nullable Object> Task<R, T> decorate(Task<R, T> task) {
        return new ContextTask<>(this, task, newObservation());
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

    @Override
    public <T extends @Nullable Object> BiConsumer<T, @Nullable Throwable> decorateCallback(
            BiConsumer<T, @Nullable Throwable> callback) {
        LogContext log = captureLog();
        Captured captured = captureRest();
        return (value, error) -> {
            try (Scope inLog = log.set(null);
                    Scope inContext = captured.set()) {
                callback.accept(value, error);
            }
        };
    }

    private @Nullable Observation newObservation() {
        return observations == null
                ? null
                : Observation.createNotStarted(ContextTask.OBSERVATION, observations)
                        .parentObservation(observations.getCurrentObservation());
    }
}

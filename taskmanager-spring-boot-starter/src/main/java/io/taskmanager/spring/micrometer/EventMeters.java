package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * The timers and counters that are fed with the events of one manager. Every series is there from the start, at 0, so
 * that its first increase is seen.
 *
 * <p>Called by many threads at once for each task, so all series are found by the ordinal of their tag's value, in arrays
 * that never change; the meters themselves may be used by any thread.
 */
final class EventMeters implements TaskManagerListener {

    private final Timer[] executionByOutcome;
    private final Timer[] waitByLane;
    private final Counter[] rejectedByReason;
    private final Counter[] destructionsByCause;
    private final Counter creations;
    private final Counter creationFailures;
    private final Counter stuck;

    EventMeters(MeterSet meters) {
        executionByOutcome = Arrays.stream(TaskOutcome.values())
                .map(outcome -> meters.timer(
                        "taskmanager.tasks.execution",
                        tag("outcome", outcome),
                        "Run time of the last attempt of each task that was started"))
                .toArray(Timer[]::new);
        waitByLane = Arrays.stream(TaskLane.values())
                .map(lane -> meters.timer(
                        "taskmanager.tasks.wait",
                        tag("lane", lane),
                        "Time from acceptance to the start of the last attempt of each task that was started"))
                .toArray(Timer[]::new);
        rejectedByReason = Arrays.stream(Reason.values())
                .map(reason -> meters.counter("taskmanager.tasks.rejected", tag("reason", reason), "Refused tasks"))
                .toArray(Counter[]::new);
        destructionsByCause = Arrays.stream(Cause.values())
                .map(cause -> meters.counter(
                        "taskmanager.resources.destructions", tag("cause", cause), "Destroyed resources"))
                .toArray(Counter[]::new);
        // Not "created": Prometheus reserves that ending, and its client cuts it off.
        creations = meters.counter("taskmanager.resources.creations", Tags.empty(), "Created resources");
        creationFailures = meters.counter(
                "taskmanager.resources.creation.failures", Tags.empty(), "Resources that could not be created");
        stuck = meters.counter(
                "taskmanager.tasks.stuck", Tags.empty(), "Tasks that ignored their interrupt for too long");
    }

    private static Tags tag(String key, Enum<?> value) {
        return Tags.of(key, value.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void taskFinished(TaskFinished event) {
        if (event.attempts() == 0) {
            return;
        }
        TaskLifecycleTimestamps stamps = event.stamps();
        executionByOutcome[event.outcome().ordinal()].record(
                stamps.finishedNanos() - stamps.startedNanos(), TimeUnit.NANOSECONDS);
        waitByLane[event.lane().ordinal()].record(stamps.startedNanos() - stamps.queuedNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void taskRejected(TaskRejected event) {
        rejectedByReason[event.reason().ordinal()].increment();
    }

    @Override
    public void event(TaskManagerEvent event) {
        switch (event.type()) {
            case RESOURCE_CREATED -> creations.increment();
            case RESOURCE_DESTROYED ->
                destructionsByCause[Objects.requireNonNull(event.cause()).ordinal()].increment();
            case CREATION_FAILED -> creationFailures.increment();
            case TASK_STUCK -> stuck.increment();
            default -> {}
        }
    }
}

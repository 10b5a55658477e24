package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerEvent;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import io.taskmanager.TaskRejected;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.TaskTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one manager that count its events, and those of its tasks' times. Every series is there from the start, at 0,
 * so that its first increase is seen.
 *
 * <p>Called by many threads at once, so all series are found by the ordinal of their tag's value, in arrays that never change;
 * the meters themselves may be used by any thread.
 */
final class EventMeters implements TaskManagerListener {

    // Fed, where the registry is to keep more of a time than how many there were and what they add up to. Else empty:
    // then the meters read what the manager has recorded, and a task costs nothing more.
    private final Timer[] executionByOutcome;
    private final Timer[] waitByLane;
    /** What those read; here, since meters refer to it weakly. */
    private final List<Snapshot<TaskTimes>> times = new ArrayList<>();

    private final Counter[] rejectedByReason;
    private final Counter[] destructionsByCause;
    private final Counter creations;
    private final Counter creationFailures;
    private final Counter stuck;

    /** @param control the manager's, asked when a meter is read, and not before; null if it is a mock */
    EventMeters(MeterSet meters, Supplier<@Nullable TaskManagerControl> control) {
        executionByOutcome = timers(
                meters,
                "taskmanager.tasks.execution",
                "outcome",
                TaskOutcome.values(),
                "Run time of the last attempt of each task that was started",
                outcome -> ofControl(control, known -> known.executionTimes(outcome)));
        waitByLane = timers(
                meters,
                "taskmanager.tasks.wait",
                "lane",
                TaskLane.values(),
                "Time from acceptance to the start of the last attempt of each task that was started",
                lane -> ofControl(control, known -> known.waitTimes(lane)));
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

    private <V extends Enum<V>> Timer[] timers(
            MeterSet meters,
            String meter,
            String key,
            V[] values,
            String description,
            Function<V, Supplier<@Nullable TaskTimes>> source) {
        if (meters.keepsDistribution(meter, tag(key, values[0]), description)) {
            return Arrays.stream(values)
                    .map(value -> meters.timer(meter, tag(key, value), description))
                    .toArray(Timer[]::new);
        }
        for (V value : values) {
            Snapshot<TaskTimes> read = ManagerMeters.snapshot(source.apply(value));
            times.add(read);
            meters.functionTimer(meter, tag(key, value), description, read);
        }
        return new Timer[0];
    }

    private static Supplier<@Nullable TaskTimes> ofControl(
            Supplier<@Nullable TaskManagerControl> control, Function<TaskManagerControl, TaskTimes> times) {
        return () -> {
            TaskManagerControl known = control.get();
            return known == null ? null : times.apply(known);
        };
    }

    private static Tags tag(String key, Enum<?> value) {
        return Tags.of(key, value.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean listensToFinishedTasks() {
        return executionByOutcome.length + waitByLane.length > 0;
    }

    @Override
    public void taskFinished(TaskFinished event) {
        if (event.attempts() == 0) {
            return;
        }
        TaskLifecycleTimestamps stamps = event.stamps();
        if (executionByOutcome.length > 0) {
            executionByOutcome[event.outcome().ordinal()].record(
                    stamps.finishedNanos() - stamps.startedNanos(), TimeUnit.NANOSECONDS);
        }
        if (waitByLane.length > 0) {
            waitByLane[event.lane().ordinal()].record(
                    stamps.startedNanos() - stamps.queuedNanos(), TimeUnit.NANOSECONDS);
        }
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

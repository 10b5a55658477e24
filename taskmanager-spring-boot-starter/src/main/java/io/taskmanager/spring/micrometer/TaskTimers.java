package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.taskmanager.TaskFinished;
import io.taskmanager.TaskLane;
import io.taskmanager.TaskLifecycleTimestamps;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskOutcome;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The timers {@code taskmanager.tasks.execution} and {@code taskmanager.tasks.wait}, fed with the last attempt of each
 * task that was started at all. Their buckets are few by default; the properties
 * {@code management.metrics.distribution.slo.*} name others.
 */
public final class TaskTimers implements TaskManagerListener {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry meters;
    private final Map<String, ManagerTimers> managers;

    /** Registers the timers of the managers of these names; tasks of others are not timed. */
    public TaskTimers(MeterRegistry meters, Collection<String> names) {
        this.meters = meters;
        this.managers = names.stream().collect(Collectors.toUnmodifiableMap(name -> name, this::timersOf));
    }

    @Override
    public void taskFinished(TaskFinished event) {
        ManagerTimers timers = managers.get(event.managerName());
        if (timers != null && event.attempts() > 0) {
            timers.record(event);
        }
    }

    private ManagerTimers timersOf(String manager) {
        Map<TaskOutcome, Timer> execution = timers(
                TaskOutcome.class,
                outcome -> timer("taskmanager.tasks.execution", manager, "outcome", outcome)
                        .description("Run time of the last attempt"));
        Map<TaskLane, Timer> waiting = timers(
                TaskLane.class,
                lane -> timer("taskmanager.tasks.wait", manager, "lane", lane)
                        .description("Time from acceptance to the start of the last attempt"));
        return new ManagerTimers(execution, waiting);
    }

    private <K extends Enum<K>> Map<K, Timer> timers(Class<K> type, Function<K, Timer.Builder> builder) {
        Map<K, Timer> timers = new EnumMap<>(type);
        for (K key : type.getEnumConstants()) {
            timers.put(key, builder.apply(key).register(meters));
        }
        return timers;
    }

    private static Timer.Builder timer(String meter, String manager, String tag, Enum<?> value) {
        return Timer.builder(meter)
                .tag("name", manager)
                .tag(tag, value.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BUCKETS);
    }

    private record ManagerTimers(Map<TaskOutcome, Timer> execution, Map<TaskLane, Timer> waiting) {

        void record(TaskFinished event) {
            TaskLifecycleTimestamps stamps = event.stamps();
            record(execution.get(event.outcome()), stamps.finishedNanos() - stamps.startedNanos());
            record(waiting.get(event.lane()), stamps.startedNanos() - stamps.queuedNanos());
        }

        private static void record(@Nullable Timer timer, long nanos) {
            Objects.requireNonNull(timer).record(nanos, TimeUnit.NANOSECONDS);
        }
    }
}

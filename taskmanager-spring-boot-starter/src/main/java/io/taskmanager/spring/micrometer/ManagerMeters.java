package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.taskmanager.TaskManager;
import io.taskmanager.TaskManagerControl;
import io.taskmanager.TaskManagerListener;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All meters of one manager: those that read its numbers, and those that listen. */
final class ManagerMeters {

    /** Longer than a scrape takes, shorter than the time between two. */
    private static final Duration SNAPSHOT_LIFETIME = Duration.ofMillis(250);

    private final MeterSet meters;

    /** What the meters read; in fields, since meters refer to it weakly. */
    private final Snapshot<TaskStats> stats;

    private final Snapshot<TaskMetrics> metrics;
    private final Snapshot<TaskManagerControl> control;
    private final EventMeters events;

    /** @param manager asked when a meter is read, and not before */
    ManagerMeters(MeterRegistry registry, String name, Supplier<TaskManager<?, ?>> manager) {
        meters = new MeterSet(registry, name);
        stats = snapshot(() -> manager.get().stats());
        metrics = snapshot(() -> manager.get().metrics());
        MeterCatalog.STATS.forEach(stat ->
                meters.gauge(stat.meter(), stat.tags(), stat.description(), stats, reading(stat.value(), Double.NaN)));
        control = snapshot(() -> manager.get().control());
        MeterCatalog.STEERING.forEach(number -> meters.gauge(
                number.meter(), Tags.empty(), number.description(), control, reading(number.value(), Double.NaN)));
        meters.timeGauge(
                MeterCatalog.LONGEST_RUN.meter(),
                MeterCatalog.LONGEST_RUN.description(),
                control,
                reading(MeterCatalog.LONGEST_RUN.value(), Double.NaN));
        MeterCatalog.RATES.forEach(rate -> meters.gauge(
                rate.meter(), Tags.empty(), rate.description(), metrics, reading(rate.value(), Double.NaN)));
        MeterCatalog.COUNTS.forEach(count -> meters.functionCounter(
                count.meter(), count.description(), metrics, reading(count.value()::applyAsLong, 0)));
        MeterCatalog.TIMES.forEach(time -> meters.timeGauge(
                time.meter(),
                time.description(),
                metrics,
                reading(all -> time.value().apply(all).toNanos(), Double.NaN)));
        events = new EventMeters(meters, () -> manager.get().control());
    }

    /** Told of the manager's events. */
    TaskManagerListener listener() {
        return events;
    }

    /** Takes them out of the registry. */
    void remove() {
        meters.remove();
    }

    /** A manager that is a mock has no numbers, and that must not fail the scrape of all meters. */
    private static <T> ToDoubleFunction<Snapshot<T>> reading(ToDoubleFunction<T> value, double none) {
        return snapshot -> {
            T now = snapshot.get();
            return now == null ? none : value.applyAsDouble(now);
        };
    }

    static <T> Snapshot<T> snapshot(Supplier<@Nullable T> source) {
        return new Snapshot<>(source, SNAPSHOT_LIFETIME, System::nanoTime);
    }
}

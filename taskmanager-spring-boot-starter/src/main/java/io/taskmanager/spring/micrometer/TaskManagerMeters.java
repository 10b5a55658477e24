package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.taskmanager.TaskMetrics;
import io.taskmanager.TaskStats;
import io.taskmanager.spring.TaskManagerRegistry;
import io.taskmanager.spring.micrometer.MeterCatalog.Count;
import io.taskmanager.spring.micrometer.MeterCatalog.Rate;
import io.taskmanager.spring.micrometer.MeterCatalog.Stat;
import io.taskmanager.spring.micrometer.MeterCatalog.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** All of {@link TaskStats} and {@link TaskMetrics} as meters of each manager, with the tag {@code name} first. */
public final class TaskManagerMeters implements MeterBinder {

    /** Longer than a scrape takes, shorter than the time between two. */
    private static final Duration SNAPSHOT_LIFETIME = Duration.ofMillis(250);

    /** By manager; also what keeps the snapshots reachable, since meters refer to them weakly. */
    private final Map<String, Snapshots> managers = new LinkedHashMap<>();

    /** Meters for each manager of the registry; none is looked up before a meter is read. */
    public TaskManagerMeters(TaskManagerRegistry registry) {
        for (String name : registry.names()) {
            managers.put(
                    name,
                    new Snapshots(
                            snapshot(() -> registry.get(name).stats()),
                            snapshot(() -> registry.get(name).metrics())));
        }
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        managers.forEach((name, snapshots) -> {
            Tags tags = Tags.of("name", name);
            MeterCatalog.STATS.forEach(stat -> bind(stat, tags, snapshots.stats, meters));
            MeterCatalog.RATES.forEach(rate -> bind(rate, tags, snapshots.metrics, meters));
            MeterCatalog.COUNTS.forEach(count -> bind(count, tags, snapshots.metrics, meters));
            MeterCatalog.TIMES.forEach(time -> bind(time, tags, snapshots.metrics, meters));
        });
    }

    private static void bind(Stat stat, Tags tags, Snapshot<TaskStats> stats, MeterRegistry meters) {
        Gauge.builder(stat.meter(), stats, reading(stat.value(), Double.NaN))
                .tags(tags.and(stat.tags()))
                .description(stat.description())
                .register(meters);
    }

    private static void bind(Rate rate, Tags tags, Snapshot<TaskMetrics> metrics, MeterRegistry meters) {
        Gauge.builder(rate.meter(), metrics, reading(rate.value(), Double.NaN))
                .tags(tags)
                .description(rate.description())
                .register(meters);
    }

    private static void bind(Count count, Tags tags, Snapshot<TaskMetrics> metrics, MeterRegistry meters) {
        FunctionCounter.builder(count.meter(), metrics, reading(count.value()::applyAsLong, 0))
                .tags(tags)
                .description(count.description())
                .register(meters);
    }

    private static void bind(Time time, Tags tags, Snapshot<TaskMetrics> metrics, MeterRegistry meters) {
        ToDoubleFunction<TaskMetrics> nanos = all -> time.value().apply(all).toNanos();
        TimeGauge.builder(time.meter(), metrics, TimeUnit.NANOSECONDS, reading(nanos, Double.NaN))
                .tags(tags)
                .description(time.description())
                .register(meters);
    }

    /** A manager that is a mock has no numbers, and that must not fail the scrape of all meters. */
    private static <T> ToDoubleFunction<Snapshot<T>> reading(ToDoubleFunction<T> value, double none) {
        return snapshot -> {
            T now = snapshot.get();
            return now == null ? none : value.applyAsDouble(now);
        };
    }

    private static <T> Snapshot<T> snapshot(Supplier<T> source) {
        return new Snapshot<>(source, SNAPSHOT_LIFETIME, System::nanoTime);
    }

    private record Snapshots(Snapshot<TaskStats> stats, Snapshot<TaskMetrics> metrics) {}
}

package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.taskmanager.TaskTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters that one manager has in a registry, each with the tag {@code name} first. It knows them, so that they can go
 * when the manager goes. For one thread.
 */
final class MeterSet {

    private final MeterRegistry registry;
    private final Tags name;
    private final List<Meter> meters = new ArrayList<>();

    MeterSet(MeterRegistry registry, String manager) {
        this.registry = registry;
        this.name = Tags.of("name", manager);
    }

    /** The registry refers to the source weakly: whoever calls must keep it. So it is for all that read a source. */
    <T> void gauge(String meter, Tags tags, String description, T source, ToDoubleFunction<T> value) {
        meters.add(Gauge.builder(meter, source, value)
                .tags(name.and(tags))
                .description(description)
                .register(registry));
    }

    <T> void timeGauge(String meter, String description, T source, ToDoubleFunction<T> nanos) {
        meters.add(TimeGauge.builder(meter, source, TimeUnit.NANOSECONDS, nanos)
                .tags(name)
                .description(description)
                .register(registry));
    }

    <T> void functionCounter(String meter, String description, T source, ToDoubleFunction<T> value) {
        meters.add(FunctionCounter.builder(meter, source, value)
                .tags(name)
                .description(description)
                .register(registry));
    }

    Counter counter(String meter, Tags tags, String description) {
        Counter counter = Counter.builder(meter)
                .tags(name.and(tags))
                .description(description)
                .register(registry);
        meters.add(counter);
        return counter;
    }

    /** Reads how many times there were, and their sum; 0 where there is nothing to read. */
    void functionTimer(String meter, Tags tags, String description, Snapshot<TaskTimes> times) {
        meters.add(FunctionTimer.builder(
                        meter,
                        times,
                        source -> {
                            TaskTimes now = source.get();
                            return now == null ? 0 : now.count();
                        },
                        source -> {
                            TaskTimes now = source.get();
                            return now == null ? 0 : nanos(now.total());
                        },
                        TimeUnit.NANOSECONDS)
                .tags(name.and(tags))
                .description(description)
                .register(registry));
    }

    /** Beyond 292 years, too. */
    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }

    Timer timer(String meter, Tags tags, String description) {
        Timer timer = newTimer(meter, tags, description);
        meters.add(timer);
        return timer;
    }

    /**
     * Whether the registry keeps buckets or percentiles of a timer, as its filters say (those of
     * {@code management.metrics.distribution.*}, say): only a timer tells.
     */
    boolean keepsDistribution(String meter, Tags tags, String description) {
        Timer probe = newTimer(meter, tags, description);
        HistogramSnapshot kept = probe.takeSnapshot();
        registry.remove(probe);
        return kept.histogramCounts().length + kept.percentileValues().length > 0;
    }

    private Timer newTimer(String meter, Tags tags, String description) {
        return Timer.builder(meter)
                .tags(name.and(tags))
                .description(description)
                .register(registry);
    }

    /** Takes all of them out of the registry. */
    void remove() {
        meters.forEach(registry::remove);
    }
}

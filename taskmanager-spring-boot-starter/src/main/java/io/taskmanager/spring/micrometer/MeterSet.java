package io.taskmanager.spring.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
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

    Timer timer(String meter, Tags tags, String description) {
        Timer timer = Timer.builder(meter)
                .tags(name.and(tags))
                .description(description)
                .register(registry);
        meters.add(timer);
        return timer;
    }

    /** Takes all of them out of the registry. */
    void remove() {
        meters.forEach(registry::remove);
    }
}

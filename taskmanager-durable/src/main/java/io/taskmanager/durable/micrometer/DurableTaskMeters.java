package io.taskmanager.durable.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.engine.DurableNode;
import io.taskmanager.durable.engine.OutcomeObserver;
import io.taskmanager.durable.engine.StoreNumbers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of durable tasks: what the database has, read when a meter is, and what became of tasks on this node. They leave the
 * registry when this is closed. May be used by any thread.
 *
 * <p>Each type that this node handles has its series from the start; others have theirs from the first reading that shows them.
 */
public final class DurableTaskMeters implements OutcomeObserver, AutoCloseable {

    /** Those that somebody may have to look after. */
    private static final List<DurableTaskState> STATES = List.of(
            DurableTaskState.QUEUED, DurableTaskState.RUNNING, DurableTaskState.DEAD_LETTER, DurableTaskState.LOST);

    private final MeterRegistry registry;
    private final StoreNumbers numbers;
    private final Supplier<@Nullable DurableNode> node;

    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    /** Types that have gauges. */
    private final Set<String> counted = ConcurrentHashMap.newKeySet();

    /** By type, at the ordinal of the kind. */
    private final Map<String, Counter[]> outcomes = new ConcurrentHashMap<>();

    /**
     * Registers the meters. Nothing is looked up before a meter is read.
     *
     * @param types those that this node handles
     * @param node this node; null if it runs no tasks
     */
    public DurableTaskMeters(
            MeterRegistry registry, StoreNumbers numbers, Set<String> types, Supplier<@Nullable DurableNode> node) {
        this.registry = registry;
        this.numbers = numbers;
        this.node = node;
        types.forEach(type -> {
            count(type);
            counters(type);
        });
        meters.add(TimeGauge.builder(
                        "taskmanager.durable.oldest",
                        this,
                        TimeUnit.NANOSECONDS,
                        reading(now -> now.oldest().toNanos()))
                .description("How long the task has been due that waits longest, in the database")
                .register(registry));
        meters.add(Gauge.builder("taskmanager.durable.running", this, DurableTaskMeters::running)
                .description("Tasks that this node has, those included that wait for a worker")
                .register(registry));
    }

    private void count(String type) {
        if (!counted.add(type)) {
            return;
        }
        STATES.forEach(state ->
                meters.add(Gauge.builder("taskmanager.durable.tasks", this, reading(now -> now.count(type, state)))
                        .tags(Tags.of("type", type, "state", lowerCase(state)))
                        .description("Tasks in the database, by state")
                        .register(registry)));
    }

    private Counter[] counters(String type) {
        return outcomes.computeIfAbsent(
                type,
                name -> Arrays.stream(Kind.values())
                        .map(kind -> counter(name, kind))
                        .toArray(Counter[]::new));
    }

    private Counter counter(String type, Kind kind) {
        Counter counter = Counter.builder("taskmanager.durable.outcomes")
                .tags(Tags.of("type", type, "outcome", lowerCase(kind)))
                .description("What became of tasks on this node")
                .register(registry);
        meters.add(counter);
        return counter;
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** No number where the database gives none: an old one would hide that. */
    private static ToDoubleFunction<DurableTaskMeters> reading(ToDoubleFunction<StoreNumbers.Reading> value) {
        return meters -> {
            StoreNumbers.Reading now = meters.numbers.latest().orElse(null);
            if (now == null) {
                return Double.NaN;
            }
            now.counts().keySet().forEach(meters::count);
            return value.applyAsDouble(now);
        };
    }

    private double running() {
        DurableNode here = node.get();
        return here == null ? 0 : here.runningTasks();
    }

    @Override
    public void outcome(String type, Kind kind) {
        counters(type)[kind.ordinal()].increment();
    }

    /** Takes all meters out of the registry. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}

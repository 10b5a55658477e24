package io.taskmanager.spring.ui;

import io.taskmanager.TaskManager;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Keeps the numbers of each manager of the last five minutes, one sample a second, in fixed memory, so that the page's charts are
 * full when it opens. One thread, from the start of the context to its stop; what a manager throws is logged once, and leaves a
 * gap in its own samples. May be used by any thread.
 */
public final class Sampler implements SmartLifecycle {

    static final int KEPT = 300;
    static final long INTERVAL_MILLIS = 1000;

    /** Told of where the managers themselves can't be found. */
    private static final String ALL = "all managers";

    private static final Logger log = LoggerFactory.getLogger(Sampler.class);

    private final Supplier<Map<String, ? extends @Nullable TaskManager<?, ?>>> managers;
    private final LongSupplier clock;

    // Guarded by this: written by the sampling thread, read by those that answer requests.
    private final Map<String, Deque<Sample>> samples = new HashMap<>();
    private long cursor;

    /** Those whose last sample could not be taken, so that it is told once. Of the sampling thread. */
    private final Set<String> failing = new HashSet<>();

    private volatile @Nullable ScheduledExecutorService thread;

    /**
     * A sampler that begins with {@link #start}.
     *
     * @param managers those that there are, by name; null for one that is lazy and was not needed yet
     */
    public Sampler(Supplier<Map<String, ? extends @Nullable TaskManager<?, ?>>> managers) {
        this(managers, System::currentTimeMillis);
    }

    /** @param clock tells the milliseconds since the epoch */
    Sampler(Supplier<Map<String, ? extends @Nullable TaskManager<?, ?>>> managers, LongSupplier clock) {
        this.managers = managers;
        this.clock = clock;
    }

    @Override
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        CustomizableThreadFactory threads = new CustomizableThreadFactory("taskmanager-ui-sampler-");
        threads.setDaemon(true);
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(threads);
        var unused = started.scheduleWithFixedDelay(this::sample, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        thread = started;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = thread;
        if (running != null) {
            running.shutdownNow();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Takes a sample of each manager. By one thread at a time. */
    void sample() {
        try {
            // A clock that was put back must not hide what is new from those who ask for it.
            long at = Math.max(clock.getAsLong(), cursor() + 1);
            Map<String, Sample> taken = new HashMap<>();
            Map<String, ? extends @Nullable TaskManager<?, ?>> present = managers.get();
            present.forEach((name, manager) -> {
                Sample sample = manager == null ? null : sampleOf(name, manager, at);
                if (sample != null) {
                    taken.put(name, sample);
                }
            });
            keep(present.keySet(), taken, at);
            failing.remove(ALL);
        } catch (RuntimeException | Error e) { // or the executor would never come here again
            tellOnce(ALL, e);
        }
    }

    private @Nullable Sample sampleOf(String name, TaskManager<?, ?> manager, long at) {
        try {
            Sample sample = Sample.of(manager, at);
            failing.remove(name);
            return sample;
        } catch (RuntimeException | Error e) {
            tellOnce(name, e);
            return null;
        }
    }

    private void tellOnce(String name, Throwable error) {
        try {
            if (!failing.contains(name)) {
                log.warn("The page of the task managers has a gap: the numbers of {} could not be read", name, error);
                failing.add(name);
            }
        } catch (RuntimeException | Error ofLog) { // such as no memory for it either: told the next time
        }
    }

    private synchronized void keep(Set<String> present, Map<String, Sample> taken, long at) {
        samples.keySet().retainAll(present);
        taken.forEach((name, sample) -> {
            Deque<Sample> kept = samples.computeIfAbsent(name, unused -> new ArrayDeque<>(KEPT));
            if (kept.size() == KEPT) {
                kept.removeFirst();
            }
            kept.addLast(sample);
        });
        cursor = at;
    }

    /** The time of the last samples; 0 if there are none. */
    synchronized long cursor() {
        return cursor;
    }

    /** The samples of a manager that are younger than a cursor and not younger than another, oldest first. */
    synchronized List<Sample> between(String manager, long since, long until) {
        List<Sample> found = new ArrayList<>();
        for (Sample sample : samples.getOrDefault(manager, new ArrayDeque<>())) {
            if (sample.at() > since && sample.at() <= until) {
                found.add(sample);
            }
        }
        return found;
    }

    Map<String, ? extends @Nullable TaskManager<?, ?>> managers() {
        return managers.get();
    }
}

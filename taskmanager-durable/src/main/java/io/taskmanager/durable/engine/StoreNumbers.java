package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTaskState;
import io.taskmanager.durable.engine.TaskStore.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of the tables, for all that show them. They are read when somebody asks, and then kept for a few seconds, or for ten
 * times as long as the reading took: however often it is scraped, a node spends a tenth of one connection on it at most. Whoever asks
 * waits for {@link #PATIENCE} at most, and gets the last numbers if there are no newer ones by then. May be used by any thread.
 */
public final class StoreNumbers {

    private static final Logger log = LoggerFactory.getLogger(StoreNumbers.class);

    /** Within the time that a scrape has. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration KEPT = Duration.ofSeconds(5);
    private static final int KEPT_FOR_READINGS = 10;

    /** After that, old numbers would be a lie. */
    private static final Duration TOO_OLD = Duration.ofMinutes(1);

    private static final Duration GIVEN_UP_AFTER = Duration.ofMinutes(10);

    private final Supplier<Reading> source;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final SharedCall<Held> call;

    /** Guarded by this, as is when it was asked for. */
    private @Nullable CompletableFuture<Held> asked;

    private long askedNanos;

    /** Written by the thread that reads. */
    private volatile @Nullable Held last;

    /** The numbers of a store. */
    public StoreNumbers(TaskStore store, Clock clock) {
        this(() -> read(store, clock), PATIENCE, System::nanoTime);
    }

    StoreNumbers(Supplier<Reading> source, Duration patience, LongSupplier nanoTime) {
        this.source = source;
        this.patience = patience;
        this.nanoTime = nanoTime;
        this.call = new SharedCall<>("durable-numbers", this::read, GIVEN_UP_AFTER, nanoTime);
    }

    /**
     * Numbers of about one moment.
     *
     * @param asOf when their reading began
     * @param counts by type and state; a state without tasks may be missing
     * @param oldestDue since when the task has been due that waits longest; null if none is due
     * @param nodes those that have tasks
     */
    public record Reading(
            Instant asOf,
            Map<String, Map<DurableTaskState, Long>> counts,
            @Nullable Instant oldestDue,
            List<NodeInfo> nodes) {

        public Reading {
            counts = Collections.unmodifiableMap(counts);
            nodes = List.copyOf(nodes);
        }

        /** How many tasks of a type are in a state. */
        public long count(String type, DurableTaskState state) {
            return counts.getOrDefault(type, Map.of()).getOrDefault(state, 0L);
        }

        /** How many tasks of all types are in a state. */
        public long count(DurableTaskState state) {
            return counts.keySet().stream()
                    .mapToLong(type -> count(type, state))
                    .sum();
        }

        /** How long the task has been due that waits longest; zero if none is due. */
        public Duration oldest() {
            return oldestDue == null ? Duration.ZERO : Duration.between(oldestDue, asOf);
        }
    }

    private record Held(Reading reading, long readNanos, long tookNanos) {

        /** How long after it was asked for nobody asks again. */
        long keptNanos() {
            return Math.max(KEPT.toNanos(), KEPT_FOR_READINGS * tookNanos);
        }
    }

    private static Reading read(TaskStore store, Clock clock) {
        Instant now = clock.instant();
        Map<String, Map<DurableTaskState, Long>> counts = store.counts();
        return new Reading(now, counts, store.oldestDue(counts.keySet(), now).orElse(null), store.nodes());
    }

    private Held read() {
        long began = nanoTime.getAsLong();
        Reading reading = source.get();
        long now = nanoTime.getAsLong();
        Held held = new Held(reading, now, now - began);
        last = held;
        return held;
    }

    /** The last numbers; empty if the database has given none within the last minute. */
    public Optional<Reading> latest() {
        CompletableFuture<Held> answer;
        long left;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            CompletableFuture<Held> present = asked;
            Held held = last;
            long kept = held == null ? KEPT.toNanos() : held.keptNanos();
            if (present == null || now - askedNanos >= kept) {
                present = call.ask();
                asked = present;
                askedNanos = now;
            }
            answer = present;
            // One scrape reads many meters, and waits once for all of them.
            left = patience.toNanos() - (now - askedNanos);
        }
        try {
            return Optional.of(answer.get(Math.max(0, left), TimeUnit.NANOSECONDS).reading);
        } catch (TimeoutException e) {
            log.debug("The numbers of the durable tasks take long, so the last ones are shown", e);
        } catch (ExecutionException e) {
            log.debug("The numbers of the durable tasks can't be read, so the last ones are shown", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Held held = last;
        return held == null || nanoTime.getAsLong() - held.readNanos >= held.keptNanos() + TOO_OLD.toNanos()
                ? Optional.empty()
                : Optional.of(held.reading);
    }
}

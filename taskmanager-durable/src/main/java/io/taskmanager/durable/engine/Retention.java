package io.taskmanager.durable.engine;

import io.taskmanager.durable.DurableTaskState;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes tasks that have ended long ago, in small batches, on each node: at its start, and from then on once a minute. Two that do it
 * at a time share the work.
 */
final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final int BATCH = 1000;

    private final TaskStore store;
    private final Map<DurableTaskState, Duration> retention;
    private final Clock clock;

    /** Null while it is stopped. Used by the threads that start and stop the context, one after the other. */
    private volatile @Nullable ScheduledExecutorService executor;

    Retention(TaskStore store, Map<DurableTaskState, Duration> retention, Clock clock) {
        this.store = store;
        this.retention = retention;
        this.clock = clock;
    }

    void start() {
        ScheduledExecutorService started = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "durable-retention");
            thread.setDaemon(true);
            return thread;
        });
        started.scheduleWithFixedDelay(this::deleteOld, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        executor = started;
    }

    void stop() {
        ScheduledExecutorService started = executor;
        if (started != null) {
            started.shutdownNow();
        }
    }

    /** An error would end the schedule for ever. */
    void deleteOld() {
        retention.forEach((state, kept) -> {
            try {
                int deleted;
                do {
                    deleted = store.deleteEnded(state, clock.instant().minus(kept), BATCH);
                } while (deleted == BATCH && !Thread.currentThread().isInterrupted());
            } catch (RuntimeException | Error e) {
                log.warn("Tasks that are {} can't be deleted with age now; trying again in {}", state, INTERVAL, e);
            }
        });
    }
}

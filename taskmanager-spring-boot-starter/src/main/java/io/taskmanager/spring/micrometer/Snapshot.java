package io.taskmanager.spring.micrometer;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is read anew at most once in a while, so that one scrape, which asks each of many meters, costs one
 * reading and shows numbers of one moment. What its source throws is a reading that brought nothing new: a manager that
 * can't be created, or is being destroyed, must not fail the scrape of all meters.
 */
final class Snapshot<T> {

    private static final Logger log = LoggerFactory.getLogger(Snapshot.class);

    private final Supplier<@Nullable T> source;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;

    /** The last reading; written by whichever scraping thread finds it too old, guarded by this. */
    private @Nullable T value;

    private boolean wasRead;
    private long readAtNanos;

    Snapshot(Supplier<@Nullable T> source, Duration lifetime, LongSupplier nanoTime) {
        this.source = source;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /** The value; null if its source says so, as a mock does, or never said anything. */
    synchronized @Nullable T get() {
        long now = nanoTime.getAsLong();
        if (!wasRead || now - readAtNanos >= lifetimeNanos) {
            wasRead = true;
            readAtNanos = now;
            read();
        }
        return value;
    }

    private void read() {
        try {
            value = source.get();
        } catch (RuntimeException e) {
            log.debug("No new numbers of a manager, so its meters keep the last ones", e);
        }
    }
}

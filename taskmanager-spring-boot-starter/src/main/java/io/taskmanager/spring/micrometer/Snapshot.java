package io.taskmanager.spring.micrometer;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read anew at most once in a while, so that one scrape, which asks each of many meters, costs one
 * reading and shows numbers of one moment.
 */
final class Snapshot<T> {

    private final Supplier<T> source;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;

    /** The last reading; written by whichever scraping thread finds it too old, guarded by this. */
    private @Nullable T value;

    private long readAtNanos;

    Snapshot(Supplier<T> source, Duration lifetime, LongSupplier nanoTime) {
        this.source = source;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    /** The value; null if its source says so, as a mock does. */
    synchronized @Nullable T get() {
        long now = nanoTime.getAsLong();
        if (value == null || now - readAtNanos >= lifetimeNanos) {
            value = source.get();
            readAtNanos = now;
        }
        return value;
    }
}

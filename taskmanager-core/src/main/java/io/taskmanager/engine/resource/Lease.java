package io.taskmanager.engine.resource;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place for one resource, and that resource, in the hands of one thread; before that, its turn in the
 * {@link WaitingLine}. It is made before anything is claimed for it, so no claim is lost for want of memory.
 *
 * <pre>
 * EMPTY    (not held, no waiter)  -> WAITING  nothing is free
 *                                 -> HELD     a place is free, with a resource in it or without
 * WAITING  (not held, a waiter)   -> HELD     whoever releases a place hands it over
 *                                 -> EMPTY    it times out, is interrupted, or the pool closes
 * HELD     (held)                 -> EMPTY    it is released, or handed over
 * </pre>
 *
 * Every move is made under the pool's lock. The fields are that of its thread, but while it waits: then they are the
 * pool's.
 */
public final class Lease<R> {

    boolean held;
    boolean temporary;

    /** Null while it is not held, and while there is no resource in the place. */
    @Nullable
    ResourceHolder<R> holder;

    /** What was in the place when that was given up since its thread hung. Written by the timer, before that can go on. */
    @Nullable
    ResourceHolder<R> stray;

    private boolean usable = true;
    private long sinceNanos;

    // Guarded by the pool's lock.
    @Nullable
    Lease<R> previous;

    @Nullable
    Lease<R> next;

    /** Who waits for it. Written under the pool's lock, last; read without it by that thread. */
    volatile @Nullable Thread waiter;

    Lease(long sinceNanos) {
        this.sinceNanos = sinceNanos;
    }

    /** The leased resource. */
    public ResourceHolder<R> holder() {
        return Objects.requireNonNull(holder, "the lease has ended");
    }

    /** When the caller got it. */
    public long sinceNanos() {
        return sinceNanos;
    }

    void since(long nanos) {
        sinceNanos = nanos;
    }

    /** Whether another task may use the resource. */
    public boolean isUsable() {
        return usable;
    }

    /** Says whether another may use the resource when this lease has ended; true unless told otherwise. */
    public void setUsable(boolean usable) {
        this.usable = usable;
    }
}

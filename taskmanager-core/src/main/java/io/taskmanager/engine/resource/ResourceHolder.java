package io.taskmanager.engine.resource;

import io.taskmanager.engine.support.Padded;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** A resource that {@link Resources} created once and destroys once, and what has become of it since. */
public final class ResourceHolder<R> extends Padded {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<ResourceHolder> USES =
            AtomicLongFieldUpdater.newUpdater(ResourceHolder.class, "uses");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<ResourceHolder> LAST_USED =
            AtomicLongFieldUpdater.newUpdater(ResourceHolder.class, "lastUsedNanos");

    private final R resource;
    private final int generation;
    private final long createdNanos;
    private final long maxAgeNanos;
    private final AtomicBoolean destroyed = new AtomicBoolean();

    // Written by whoever holds the resource, one thread at a time; read by anyone who asks for a worker's state: so a
    // write need not wait until all others can see it.
    private volatile long uses;
    private volatile long lastUsedNanos;
    private volatile boolean fresh = true;

    ResourceHolder(R resource, int generation, long createdNanos, long maxAgeNanos) {
        this.resource = resource;
        this.generation = generation;
        this.createdNanos = createdNanos;
        this.maxAgeNanos = maxAgeNanos;
        this.lastUsedNanos = createdNanos;
    }

    public R resource() {
        return resource;
    }

    /** How many recycles had begun before its creation did. */
    public int generation() {
        return generation;
    }

    public long uses() {
        return uses;
    }

    public long ageNanos(long nowNanos) {
        return nowNanos - createdNanos;
    }

    /** A task has used it; for the thread that holds it. */
    public void used(long nowNanos) {
        USES.lazySet(this, uses + 1);
        rests();
        LAST_USED.lazySet(this, nowNanos);
    }

    /** It is idle now; for the thread that holds it. */
    public void rests() {
        if (fresh) {
            fresh = false;
        }
    }

    /**
     * Whether it was made for what comes next: no task has used it, and it has not been idle. Then it is not too old and
     * needs no validation, however long its maker's thread was held up. Or a thread that is slower than that would make one
     * after the other, and run nothing.
     */
    boolean isFresh() {
        return fresh;
    }

    boolean isOlderThanAllowed(long nowNanos) {
        return ageNanos(nowNanos) >= maxAgeNanos;
    }

    long idleNanos(long nowNanos) {
        return nowNanos - lastUsedNanos;
    }

    /** True for the first caller alone. */
    boolean live2destroyed() {
        return destroyed.compareAndSet(false, true);
    }
}

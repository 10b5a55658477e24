package io.taskmanager.engine.resource;

import io.taskmanager.engine.support.Padded;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A place for one resource of the {@link ResourcePool}, and that resource. The word that says who holds it is also where a
 * kill finds what runs: to claim a slot is one compare-and-set.
 *
 * <pre>
 * NEW      (no owner)        -> HELD     the pool has room for another resource
 *                             -> WAITING  it has none
 * WAITING  (a waiter)         -> HELD     whoever releases a place hands it over
 *                             -> GONE     it times out, is interrupted, or the pool closes
 * HELD     (an owner)         -> FREE     it is released, with a resource that can be used again
 *                             -> GONE     its place is given up, or handed to one that waits
 * FREE                        -> HELD     claimed
 * </pre>
 *
 * FREE -> HELD and HELD -> FREE are made without a lock, all other moves under the pool's. The fields are those of its
 * owner; while it waits, those of the pool.
 */
public final class Slot<R> extends Padded {

    /** It has a resource, and is anybody's. */
    private static final Object FREE = new Object();
    /** It has no place in the pool any more. */
    private static final Object GONE = new Object();

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Slot, Object> OWNER =
            AtomicReferenceFieldUpdater.newUpdater(Slot.class, Object.class, "owner");

    /** Who holds it: FREE, GONE, or what it was claimed for. Null for a new one. */
    private volatile @Nullable Object owner;

    /** Written before it is held, or under the lock. */
    int index = -1;

    /** Null while there is none. */
    @Nullable
    ResourceHolder<R> holder;

    /** What was in it when it was given up since its thread hung. Written by the timer, before that can go on. */
    @Nullable
    ResourceHolder<R> stray;

    private boolean usable = true;
    private long sinceNanos;

    // Guarded by the pool's lock: its place among those that wait, or among the temporary ones.
    @Nullable
    Slot<R> previous;

    @Nullable
    Slot<R> next;

    /** Who is to hold it. */
    @Nullable
    Object nextOwner;

    /** Who waits for it. Written under the pool's lock, last; read without it by that thread. */
    volatile @Nullable Thread waiter;

    /** The resource in it. */
    public ResourceHolder<R> holder() {
        return Objects.requireNonNull(holder, "the slot is not held any more");
    }

    /** Its number among the pooled ones; negative for a temporary one. For its owner. */
    public int index() {
        return index;
    }

    /** When its owner got it. */
    public long sinceNanos() {
        return sinceNanos;
    }

    void since(long nanos) {
        sinceNanos = nanos;
    }

    /** Whether another may use the resource. */
    public boolean isUsable() {
        return usable;
    }

    /** Says whether another may use the resource after this; true unless told otherwise. */
    public void setUsable(boolean usable) {
        this.usable = usable;
    }

    boolean isTemporary() {
        return index < 0;
    }

    boolean isFree() {
        return owner == FREE;
    }

    /** Who holds it; null if nobody does. */
    @Nullable
    Object owner() {
        Object current = owner;
        return current == FREE || current == GONE ? null : current;
    }

    boolean free2held(Object claimant) {
        return OWNER.compareAndSet(this, FREE, claimant);
    }

    /** False if it is not this owner's any more. */
    boolean held2free(Object claimant) {
        return OWNER.compareAndSet(this, claimant, FREE);
    }

    /** A new one, or one that has waited; under the pool's lock. */
    void hold(Object claimant) {
        owner = claimant;
    }

    /** Under the pool's lock; false if nobody holds it. */
    boolean held2gone() {
        Object current = owner();
        return current != null && OWNER.compareAndSet(this, current, GONE);
    }
}

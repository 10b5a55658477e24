package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.engine.support.AdaptiveYield;
import io.taskmanager.engine.support.Guard;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The resources of tasks that run on their caller's thread. A pooled one if there is room for it in the pool, else a
 * temporary one if there is room for that, else whichever comes free first.
 *
 * <p>To claim a free pooled slot and to release it takes no lock: each is a compare-and-set of the {@link Slot}. All else is
 * done under that of {@link Places}. Callers that wait are served in turn: whoever releases a slot hands it to the one that
 * has waited longest, with the resource in it or without, and a newcomer takes a free slot only while nobody waits.
 *
 * <p>What a thread has claimed is in a {@link Slot} from the first moment on, and what it may throw from there on (where
 * there is no memory, or no stack) ends in {@link #release}, which needs no memory.
 */
public final class ResourcePool<R> {

    private final Resources<R> resources;
    private final Logger logger;
    private final ThreadFactory threads;
    private final SlotTable<R> slots;
    private final Places<R> places;
    private final SlotContents<R> contents;
    private final PoolKeeper<R> keeper;
    /** For a slot whose holder may release it at once. */
    private final AdaptiveYield held = new AdaptiveYield();
    /** Made before there may be no memory. */
    private final Consumer<Slot<R>> discardIfFree = this::discardIfFree;

    public ResourcePool(
            String managerName,
            Resources<R> resources,
            Logger logger,
            ThreadFactory threads,
            int poolSize,
            int maxTemporary) {
        this.resources = resources;
        this.logger = logger;
        this.threads = threads;
        this.slots = new SlotTable<>(poolSize, maxTemporary);
        this.places = new Places<>(managerName, slots);
        this.contents = new SlotContents<>(places, resources);
        this.keeper = new PoolKeeper<>(managerName, this, slots, places, contents, resources, logger, threads);
    }

    /** The most resources there can be, temporary ones included. */
    public int limit() {
        return (int) Math.min(Integer.MAX_VALUE, (long) slots.capacity() + slots.maxTemporary());
    }

    /** How many of them are pooled, at most. */
    public int size() {
        return slots.capacity();
    }

    /** The counts at one moment. */
    public record Counts(int available, int temporary) {}

    // -- claims and releases ---------------------------------------------------------------------------------------

    /**
     * Claims a slot with a resource. Waits at most {@code timeout} in all: for its turn, and in an outage for the right to
     * create one. A resource that is not fit is replaced in its slot: that is the caller's now, who does not wait for another.
     *
     * @param owner what it is claimed for, see {@link #forEachOwner}
     * @param nowNanos what the clock says, read a moment ago; it is not read again for a resource that is there
     * @throws TaskRejectedException if none came free in time, or the pool is closed
     * @throws ResourceCreationException if creating one failed
     */
    public Slot<R> acquire(Object owner, Duration timeout, long nowNanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Slot<R> slot = places.claimFree(owner);
        if (slot != null) {
            slot.since(nowNanos);
        } else if (held.yieldIfDue()) {
            slot = claimAfterYield(owner);
        }
        if (slot == null) {
            slot = new Slot<>();
            slot.since(nowNanos);
            slot = places.claimOrWait(slot, owner, timeout);
        }
        boolean ready = false;
        try {
            if (slot.waiter != null) {
                places.awaitTurn(slot, left(nowNanos, timeout), timeout);
                slot.since(resources.nanos());
            }
            if (places.isClosed()) {
                throw places.shuttingDown();
            }
            if (!contents.hasFitResource(slot)) {
                if (slot.owner() == null) {
                    return acquire(owner, timeout, nowNanos); // its validation was abandoned, and the place given away
                }
                contents.create(slot, places::isClosed, left(nowNanos, timeout), timeout);
            }
            ready = true;
            return slot;
        } finally {
            if (!ready) {
                giveUp(slot, owner);
            }
        }
    }

    /** Or a temporary resource is created where the holder of a pooled one has lost its processor. */
    private @Nullable Slot<R> claimAfterYield(Object owner) {
        Slot<R> slot = places.claimFree(owner);
        held.helped(slot != null);
        if (slot != null) {
            slot.since(resources.nanos());
        }
        return slot;
    }

    private long left(long sinceNanos, Duration timeout) {
        return sinceNanos + timeout.toNanos() - resources.nanos();
    }

    /** Either waits no longer, or passes on what it was handed at that very moment. */
    private void giveUp(Slot<R> slot, Object owner) {
        places.leaveLine(slot);
        release(slot, owner);
    }

    /**
     * Exchanges the resource of a slot, which is broken, for a new one. Also while the pool closes, since the task that needs
     * it was accepted. When this throws, the slot is released.
     *
     * @param isOver whether nobody needs it any more
     * @throws TaskRejectedException if it was over, or none could be created in time
     * @throws ResourceCreationException if creating one failed
     */
    public void exchange(Slot<R> slot, Object owner, BooleanSupplier isOver, Duration timeout)
            throws InterruptedException {
        boolean done = false;
        try {
            if (slot.owner() != owner) {
                throw places.shuttingDown(); // a kill has given the place up
            }
            contents.destroy(slot, Cause.BROKEN);
            contents.create(slot, isOver, timeout.toNanos(), timeout);
            slot.setUsable(true);
            done = true;
        } finally {
            if (!done) {
                release(slot, owner);
            }
        }
    }

    /**
     * Whether the resource is to be reset before its next task, if there will be one.
     *
     * @param again whether its holder has another task for it
     */
    public boolean isToBeReset(Slot<R> slot, boolean again) {
        return resources.resets() && (again || (!slot.isTemporary() && !places.isClosed()));
    }

    /** See {@link Resources#reset}. */
    public boolean reset(Slot<R> slot, Runnable onAbandoned) {
        return resources.reset(slot.holder(), onAbandoned);
    }

    /**
     * Releases a slot, unless it is not this owner's any more: its resource stays in the pool if it can be used again, else it
     * is destroyed. The place is free after this, even where a destruction throws.
     */
    public void release(Slot<R> slot, Object owner) {
        if (slot.owner() != owner) {
            contents.destroyStray(slot);
            return;
        }
        ResourceHolder<R> resource = slot.holder;
        boolean renewed = false;
        boolean freed = false;
        try {
            if (resource != null && isReusable(slot, resource)) {
                renewed = keeper.isToBeRenewed(resource) && keeper.take(slot);
                freed = !renewed && free(slot, resource, owner);
            }
        } finally {
            if (!renewed && !freed) {
                discardOrStray(slot);
            }
        }
        if (renewed) {
            keeper.start(slot);
        } else if (freed) {
            lookAfter(slot, Objects.requireNonNull(resource));
        }
    }

    private boolean isReusable(Slot<R> slot, ResourceHolder<R> resource) {
        return slot.isUsable() && !slot.isTemporary() && !places.isClosed() && !resources.isWorn(resource);
    }

    private boolean free(Slot<R> slot, ResourceHolder<R> resource, Object owner) {
        resource.rests();
        return slot.held2free(owner);
    }

    /** The slot is free, and anybody's. Who came to wait, to close or to recycle just before has found it held. */
    private void lookAfter(Slot<R> slot, ResourceHolder<R> resource) {
        boolean isLeftover = places.serveFreed(slot);
        if (isLeftover) {
            contents.discard(slot);
        }
        if (keeper.isToBeRenewed(resource)) {
            try {
                keeper.keep();
            } catch (OutOfMemoryError e) {
                // The next release tries again.
            }
        }
    }

    private void discardOrStray(Slot<R> slot) {
        if (slot.owner() != null) {
            contents.discard(slot);
        } else {
            contents.destroyStray(slot);
        }
    }

    /**
     * The thread that holds a slot hangs in the factory: gives its place up. What is in it is nobody else's: that thread
     * destroys it, when its call returns and it releases the slot.
     */
    public void abandon(Slot<R> slot) {
        places.abandon(slot);
    }

    // -- the keeper ------------------------------------------------------------------------------------------------

    /**
     * Fills the pool, on a thread of its own, until it is full or closed. Creations that fail are tried again.
     *
     * @return completed when the pool is full or closed; failed by the first failure
     */
    public CompletableFuture<@Nullable Void> fill() {
        return keeper.fill();
    }

    /**
     * Renews the free resources that a recycle has made old, one at a time, on a thread of its own: each is destroyed, and
     * another created in its place. Until then they serve. One that is held is renewed when it is released. In an outage none
     * is: they serve on, and are renewed from the next use after it on.
     */
    public void renew() {
        keeper.keep();
    }

    /** Interrupts the creation under way that fills or renews the pool, for a kill. */
    public void interruptFill() {
        keeper.interrupt();
    }

    // -- the end ---------------------------------------------------------------------------------------------------

    /**
     * Refuses new claims and those that wait, and destroys the free resources, on a thread of its own, since a destruction
     * may take long; those that are held are destroyed when they are released.
     */
    public void close() {
        if (places.close()) {
            destroyLeftoversElsewhere();
        }
    }

    private void destroyLeftoversElsewhere() {
        boolean started = false;
        try {
            threads.newThread(this::destroyLeftovers).start();
            started = true;
        } catch (Throwable e) {
            logger.errorf("no thread to destroy the idle resources: %s", Guard.describe(e), e);
        } finally {
            if (!started) {
                destroyLeftovers();
            }
        }
    }

    private void destroyLeftovers() {
        slots.forEachPooled(discardIfFree);
    }

    private void discardIfFree(Slot<R> slot) {
        try {
            if (slot.free2held(places)) {
                contents.discard(slot);
            }
        } catch (Throwable e) {
            logger.errorf("destroying a resource failed: %s", Guard.describe(e), e);
        }
    }

    /**
     * Shows what slots are held for, to whoever looks for what runs: each claim that is not seen comes after this.
     *
     * @param action runs under the pool's lock
     */
    public void forEachOwner(Consumer<Object> action) {
        places.forEachOwner(action);
    }

    /** Waits until the closed pool has no resource left, or {@link #abandon} was called. */
    public boolean awaitEmpty(long nanos) throws InterruptedException {
        return places.awaitEmpty(nanos);
    }

    /** Has {@link #awaitEmpty} wait no longer. */
    public void abandon() {
        places.abandonWait();
    }

    public boolean isEmpty() {
        return places.isEmpty();
    }

    public Counts counts() {
        return places.counts();
    }
}

package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The resources of tasks that run on their caller's thread. A pooled one if there is room for it in the pool, else a
 * temporary one if there is room for that, else whichever comes free first.
 *
 * <p>To take a pooled resource and to give it back takes no lock: each is a compare-and-set of its {@link Slot}. All else is
 * done under one. Callers that wait are served in turn: whoever releases a slot hands it to the one that has waited longest,
 * with the resource in it or without, and a newcomer takes a free slot only while nobody waits.
 *
 * <p>A release and a caller that begins to wait could miss each other: the caller finds no free slot, the other finds nobody
 * that waits, and only then frees its slot. So each writes first and then looks: the release frees its slot, and then looks for
 * those that wait; the caller is counted among them, and then looks for a free slot once more. A close and a recycle are seen
 * by a release in the same way.
 *
 * <p>What a thread has claimed is in a {@link Slot} from the first moment on, and what it may throw from there on (where
 * there is no memory, or no stack) ends in {@link #release}, which needs no memory.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
public final class ResourcePool<R> {

    private final String managerName;
    private final Resources<R> resources;
    private final Logger logger;
    private final ThreadFactory threads;
    private final int maxTemporary;
    /** Open when this is closed and no resource is left, or nobody is to wait for that any more. */
    private final CountDownLatch emptied = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();

    private final SlotTable<R> slots;
    private final PoolKeeper<R> keeper;
    /** Made before there may be no memory. */
    private final Consumer<Slot<R>> discardIfFree = this::discardIfFree;

    // Guarded by lock. A resource counts from before its creation until after its destruction.
    private final SlotList<R> temporarySlots = new SlotList<>();
    private final SlotList<R> line = new SlotList<>();
    private int temporary;

    /** How many are in the line. Written under lock; read without it by releases and newcomers. */
    private volatile int waiting;
    /** Written under lock; read without it by claims, releases, and a creation that waits. */
    private volatile boolean closed;

    public ResourcePool(
            String managerName,
            Resources<R> resources,
            Logger logger,
            ThreadFactory threads,
            int poolSize,
            int maxTemporary) {
        this.managerName = managerName;
        this.resources = resources;
        this.logger = logger;
        this.threads = threads;
        this.maxTemporary = maxTemporary;
        this.slots = new SlotTable<>(poolSize);
        this.keeper = new PoolKeeper<>(managerName, this, lock, resources, logger, threads);
    }

    /** The most resources there can be, temporary ones included. */
    public int limit() {
        return (int) Math.min(Integer.MAX_VALUE, (long) slots.capacity() + maxTemporary);
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
        Slot<R> slot = waiting == 0 ? slots.claimFree(owner) : null;
        if (slot != null) {
            slot.since(nowNanos);
        } else {
            slot = new Slot<>();
            slot.since(nowNanos);
            slot = claimOrWait(slot, owner, timeout);
        }
        boolean ready = false;
        try {
            long deadline = nowNanos + timeout.toNanos();
            if (slot.waiter != null) {
                awaitTurn(slot, deadline, timeout);
            }
            if (closed) {
                throw shuttingDown();
            }
            if (!hasFitResource(slot)) {
                if (slot.owner() == null) {
                    return acquire(owner, timeout, nowNanos); // its validation was abandoned, and the place given away
                }
                create(slot, () -> closed, deadline - resources.nanos(), timeout);
            }
            ready = true;
            return slot;
        } finally {
            if (!ready) {
                giveUp(slot, owner);
            }
        }
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
                throw shuttingDown(); // a kill has given the place up
            }
            destroy(slot, Cause.BROKEN);
            create(slot, isOver, timeout.toNanos(), timeout);
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
        return resources.resets() && (again || (!slot.isTemporary() && !closed));
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
            destroyStray(slot);
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
        return slot.isUsable() && !slot.isTemporary() && !closed && !resources.isWorn(resource);
    }

    private boolean free(Slot<R> slot, ResourceHolder<R> resource, Object owner) {
        resource.rests();
        return slot.held2free(owner);
    }

    /** From here on the slot is anybody's. */
    private void lookAfter(Slot<R> slot, ResourceHolder<R> resource) {
        if (waiting > 0 || closed) {
            takeBack(slot);
        }
        if (keeper.isToBeRenewed(resource)) {
            try {
                keeper.keep(); // a recycle has begun just before, and found it held
            } catch (OutOfMemoryError e) {
                // The next release tries again.
            }
        }
    }

    /** A slot was freed while somebody waits, or the pool closes: unless another has claimed it since, it is theirs. */
    private void takeBack(Slot<R> slot) {
        boolean leftover;
        Surely.lock(lock);
        try {
            serveLine();
            leftover = closed && slot.free2held(this);
        } finally {
            lock.unlock();
        }
        if (leftover) {
            discard(slot);
        }
    }

    private void discardOrStray(Slot<R> slot) {
        if (slot.owner() != null) {
            discard(slot);
        } else {
            destroyStray(slot);
        }
    }

    /** The place was {@linkplain #abandon given up} and may be another's by now: this destroys what was in it. */
    private void destroyStray(Slot<R> slot) {
        ResourceHolder<R> stray = slot.stray;
        slot.stray = null;
        if (stray != null) {
            resources.destroy(stray, Cause.BROKEN);
        }
    }

    /** Either waits no longer, or passes on what it was handed at that very moment. */
    private void giveUp(Slot<R> slot, Object owner) {
        leaveLine(slot);
        release(slot, owner);
    }

    /**
     * Claims what is free, or stands in the line.
     *
     * @param made a new slot, for a place without a resource or for the wait
     * @return a slot that is held, or waits
     */
    private Slot<R> claimOrWait(Slot<R> made, Object owner, Duration timeout) throws InterruptedException {
        Thread caller = Thread.currentThread();
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw shuttingDown();
            }
            Slot<R> free = line.isEmpty() ? slots.claimFree(owner) : null;
            if (free != null) {
                free.since(made.sinceNanos());
                return free;
            }
            if (line.isEmpty() && claimRoom(made, owner)) {
                return made;
            }
            if (timeout.isZero()) {
                throw noResource("none came free", timeout);
            }
            made.nextOwner = owner;
            made.waiter = caller;
            line.add(made);
            waiting++;
            serveLine();
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Takes room for another resource, pooled or temporary, if there is any. Under lock. */
    private boolean claimRoom(Slot<R> made, Object owner) {
        if (slots.claimRoom(made, owner)) {
            return true;
        } else if (temporary < maxTemporary) {
            made.hold(owner);
            temporarySlots.add(made);
            temporary++;
        } else {
            return false;
        }
        return true;
    }

    /** Hands what is free to those that wait: a release may have seen nobody wait. Under lock. */
    private void serveLine() {
        while (!line.isEmpty()) {
            Slot<R> free = slots.claimFree(this);
            if (free == null) {
                return;
            }
            handOver(free);
        }
    }

    private void awaitTurn(Slot<R> slot, long deadline, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + deadline - resources.nanos();
        while (slot.waiter != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = end - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else {
                leaveLine(slot);
            }
        }
        if (slot.owner() == null) {
            throw closed ? shuttingDown() : noResource("none came free", timeout);
        }
        slot.since(resources.nanos());
    }

    private void leaveLine(Slot<R> slot) {
        if (slot.waiter == null) {
            return;
        }
        Surely.lock(lock);
        try {
            if (slot.waiter != null) {
                line.remove(slot);
                waiting--;
                slot.waiter = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the resource that was in the place, if any. One that can't be used is destroyed. */
    private boolean hasFitResource(Slot<R> slot) {
        ResourceHolder<R> found = slot.holder;
        if (found == null) {
            return false;
        }
        if (resources.isWorn(found)) {
            destroy(slot, Cause.OLD);
            return false;
        }
        if (!resources.isDueForValidation(found)) {
            return true;
        }
        slot.holder = null; // or the place would be handed on with it, should the validation not return
        boolean fit = false;
        try {
            fit = resources.isValid(found, () -> vacate(slot));
        } finally {
            if (!fit) {
                resources.destroy(found, Cause.BROKEN);
            }
        }
        if (!fit) {
            return false;
        }
        slot.holder = found;
        slot.since(resources.nanos());
        return true;
    }

    /** @param timeout for the message; {@code nanos} is what is left of it */
    private void create(Slot<R> slot, BooleanSupplier isOver, long nanos, Duration timeout)
            throws InterruptedException {
        keepCreated(slot, resources.createForCaller(isOver, nanos, () -> vacate(slot)), isOver, timeout);
    }

    void keepCreated(Slot<R> slot, @Nullable ResourceHolder<R> created, BooleanSupplier isOver, Duration timeout) {
        slot.holder = created;
        if (created == null) {
            throw isOver.getAsBoolean() || resources.isKilled()
                    ? shuttingDown()
                    : noResource("the last creation failed and the next attempt is not due", timeout);
        }
        slot.since(resources.nanos());
    }

    void destroy(Slot<R> slot, Cause cause) {
        ResourceHolder<R> resource = slot.holder;
        slot.holder = null;
        if (resource != null) {
            resources.destroy(resource, cause);
        }
    }

    /** Frees the place whatever the destruction comes to, or it would be lost, and a stop would wait for it for ever. */
    private void discard(Slot<R> slot) {
        ResourceHolder<R> resource = slot.holder;
        slot.holder = null;
        try {
            if (resource != null) {
                resources.destroy(resource, endOf(slot), vacating(slot));
            }
        } finally {
            vacate(slot);
        }
    }

    private Runnable vacating(Slot<R> slot) {
        while (true) {
            try {
                return () -> vacate(slot);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private Cause endOf(Slot<R> slot) {
        if (!slot.isUsable()) {
            return Cause.BROKEN;
        }
        if (slot.isTemporary()) {
            return Cause.SURPLUS;
        }
        return closed ? Cause.SHUTDOWN : Cause.OLD;
    }

    /**
     * The thread that holds a slot hangs in the factory: gives its place up. What is in it is nobody else's: that thread
     * destroys it, when it comes back and releases the slot.
     */
    public void abandon(Slot<R> slot) {
        Surely.lock(lock);
        try {
            slot.stray = slot.holder;
            slot.holder = null;
        } finally {
            lock.unlock();
        }
        vacate(slot);
    }

    /** Gives up a place that is empty, to the one that has waited longest, if any. */
    void vacate(Slot<R> slot) {
        Surely.lock(lock);
        try {
            if (slot.owner() == null || handOver(slot)) {
                return;
            }
            if (slot.held2gone()) {
                if (slot.isTemporary()) {
                    temporarySlots.remove(slot);
                    temporary--;
                } else {
                    slots.remove(slot);
                }
                checkEmptied();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands a place over, with the resource in it or without. Wakes that one caller alone; false if nobody waits. Under lock.
     *
     * <p>A caller that times out or is interrupted just now, and leaves the line, either comes first, or finds under the
     * lock that it has got the place: then it uses it, or passes it on.
     */
    private boolean handOver(Slot<R> slot) {
        Slot<R> longest = line.poll();
        if (longest == null) {
            return false;
        }
        waiting--;
        move(slot, longest);
        Thread waiter = longest.waiter;
        longest.waiter = null;
        LockSupport.unpark(waiter);
        return true;
    }

    private void move(Slot<R> from, Slot<R> to) {
        to.holder = from.holder;
        from.holder = null;
        to.index = from.index;
        to.hold(Objects.requireNonNull(to.nextOwner));
        to.nextOwner = null; // or a pooled slot would keep the task that waited for it
        if (from.isTemporary()) {
            temporarySlots.remove(from);
            temporarySlots.add(to);
        } else {
            slots.replace(from, to);
        }
        boolean unused = from.held2gone();
    }

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
     * another created in its place. Until then they serve. One that is held is renewed when it comes back. In an outage none
     * is: they serve on, and are renewed from the next use after it on.
     */
    public void renew() {
        keeper.keep();
    }

    /** Interrupts the creation under way that fills or renews the pool, for a kill. */
    public void interruptFill() {
        keeper.interrupt();
    }

    SlotTable<R> slots() {
        return slots;
    }

    boolean isClosed() {
        return closed;
    }

    // -- the end ---------------------------------------------------------------------------------------------------

    /**
     * Refuses new claims and those that wait, and destroys the free resources, on a thread of its own, since a destruction
     * may take long; those that are held are destroyed when they come back.
     */
    public void close() {
        boolean hasLeftovers;
        Surely.lock(lock);
        try {
            closed = true;
            hasLeftovers = slots.free() > 0;
            refuseWaiters();
            checkEmptied();
        } finally {
            lock.unlock();
        }
        if (hasLeftovers) {
            destroyLeftoversElsewhere();
        }
    }

    private void refuseWaiters() {
        waiting = 0;
        for (Slot<R> slot = line.poll(); slot != null; slot = line.poll()) {
            Thread waiter = slot.waiter;
            slot.waiter = null;
            LockSupport.unpark(waiter);
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

    private void discardIfFree(Slot<R> slot) {
        try {
            if (slot.free2held(this)) {
                discard(slot);
            }
        } catch (Throwable e) {
            logger.errorf("destroying a resource failed: %s", Guard.describe(e), e);
        }
    }

    private void destroyLeftovers() {
        slots.forEach(discardIfFree);
    }

    /**
     * Shows what slots are held for, to whoever looks for what runs: each claim that is not seen comes after this.
     *
     * @param action runs under the pool's lock
     */
    public void forEachOwner(Consumer<Object> action) {
        Consumer<Slot<R>> look = slot -> {
            Object owner = slot.owner();
            if (owner != null && owner != this) {
                action.accept(owner);
            }
        };
        Surely.lock(lock);
        try {
            slots.forEach(look);
            temporarySlots.forEach(look);
        } finally {
            lock.unlock();
        }
    }

    private void checkEmptied() {
        if (closed && slots.size() + temporary == 0) {
            emptied.countDown();
        }
    }

    /** Waits until the closed pool has no resource left, or {@link #abandon} was called. */
    public boolean awaitEmpty(long nanos) throws InterruptedException {
        return emptied.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Has {@link #awaitEmpty} wait no longer. */
    public void abandon() {
        emptied.countDown();
    }

    public boolean isEmpty() {
        lock.lock();
        try {
            return slots.size() + temporary == 0;
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(available(), temporary);
        } finally {
            lock.unlock();
        }
    }

    private int available() {
        return closed ? 0 : slots.free();
    }

    private TaskRejectedException shuttingDown() {
        return new TaskRejectedException(Reason.SHUTTING_DOWN, "manager \"" + managerName + "\" is shutting down");
    }

    private TaskRejectedException noResource(String why, Duration timeout) {
        lock.lock();
        try {
            return new TaskRejectedException(
                    Reason.NO_RESOURCE,
                    "manager \"" + managerName + "\" has no resource for runTask: " + why + " within acquireTimeout ("
                            + timeout + "); pooled=" + slots.size() + " of " + slots.capacity() + ", idle="
                            + available()
                            + ", temporary=" + temporary + " of " + maxTemporary
                            + "; raise resourcePoolSize, maxTemporaryResources or acquireTimeout");
        } finally {
            lock.unlock();
        }
    }
}

package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources of tasks that run on their caller's thread. A pooled one if there is room for it in the pool, else a
 * temporary one if there is room for that, else whichever comes free first.
 *
 * <p>Callers that wait are served in turn: whoever releases a place hands it to the one that has waited longest, with the
 * resource in it or without. So while somebody waits nothing is free, and a newcomer, who takes only what is free,
 * overtakes nobody.
 *
 * <p>What a thread has claimed is in a {@link Lease} from the first moment on, and what it may throw from there on (where
 * there is no memory, or no stack) ends in {@link #release}, which needs no memory.
 */
public final class ResourcePool<R> {

    private static final Duration UNBOUNDED = Duration.ofNanos(Long.MAX_VALUE);

    private final String managerName;
    private final Resources<R> resources;
    private final Logger logger;
    private final ThreadFactory threads;
    private final int poolSize;
    private final int maxTemporary;
    private final CompletableFuture<@Nullable Void> filled = new CompletableFuture<>();
    /** Open when this is closed and no resource is left, or nobody is to wait for that any more. */
    private final CountDownLatch emptied = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock. A resource counts from before its creation until after its destruction. Both lists of idle ones
    // have memory for a full pool.
    private final Deque<ResourceHolder<R>> idle;
    /** Those idle ones that are to be renewed, the first to be so first. They serve until then. */
    private final Deque<ResourceHolder<R>> recycled;

    private final WaitingLine<R> line = new WaitingLine<>();
    private int pooled;
    private int temporary;
    private boolean filling;
    /** Whether there is a keeper, a thread that fills and renews the pool, or will be one in a moment. */
    private boolean kept;

    private @Nullable Thread keeper;

    /** Written under lock; read without it by a creation that waits. */
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
        this.poolSize = poolSize;
        this.maxTemporary = maxTemporary;
        this.idle = new ArrayDeque<>(poolSize);
        this.recycled = new ArrayDeque<>(poolSize);
    }

    /** The most resources there can be, temporary ones included. */
    public int limit() {
        return (int) Math.min(Integer.MAX_VALUE, (long) poolSize + maxTemporary);
    }

    /** The counts at one moment. */
    public record Counts(int available, int temporary) {}

    // -- leases ----------------------------------------------------------------------------------------------------

    /**
     * Leases a resource. Waits at most {@code timeout} in all: for its turn, and in an outage for the right to create one.
     * One that is not fit is replaced in its place: that is the caller's now, who does not wait for another.
     *
     * @param nowNanos what the clock says, read a moment ago; it is not read again for a resource that is there
     * @throws TaskRejectedException if none came free in time, or the pool is closed
     * @throws ResourceCreationException if creating one failed
     */
    public Lease<R> acquire(Duration timeout, long nowNanos) throws InterruptedException {
        Lease<R> lease = new Lease<>(nowNanos);
        long deadline = nowNanos + timeout.toNanos();
        boolean ready = false;
        try {
            if (!claimFree(lease, timeout)) {
                awaitTurn(lease, deadline, timeout);
            }
            if (!hasFitResource(lease)) {
                if (!lease.held) {
                    return acquire(timeout, nowNanos); // its validation was abandoned, and the place given away
                }
                create(lease, () -> closed, deadline - resources.nanos(), timeout);
            }
            ready = true;
            return lease;
        } finally {
            if (!ready) {
                giveUp(lease);
            }
        }
    }

    /**
     * Exchanges the leased resource, which is broken, for a new one. Also while the pool closes, since the task that needs
     * it was accepted. When this throws, the lease has ended.
     *
     * @param isOver whether nobody needs it any more
     * @throws TaskRejectedException if it was over, or none could be created in time
     * @throws ResourceCreationException if creating one failed
     */
    public void exchange(Lease<R> lease, BooleanSupplier isOver, Duration timeout) throws InterruptedException {
        boolean done = false;
        try {
            if (!lease.held) {
                throw shuttingDown(); // a kill has given the place up
            }
            destroy(lease, Cause.BROKEN);
            create(lease, isOver, timeout.toNanos(), timeout);
            lease.setUsable(true);
            done = true;
        } finally {
            if (!done) {
                release(lease);
            }
        }
    }

    /**
     * Whether the leased resource is to be reset before its next task, if there will be one.
     *
     * @param again whether there is another attempt within this lease
     */
    public boolean isToBeReset(Lease<R> lease, boolean again) {
        return resources.resets() && (again || (!lease.temporary && !closed));
    }

    /** See {@link Resources#reset}. */
    public boolean reset(Lease<R> lease, Runnable onAbandoned) {
        return resources.reset(lease.holder(), onAbandoned);
    }

    /**
     * Ends a lease, unless it has ended: its resource goes to the pool if it can be used again, else it is destroyed. The
     * place is free after this, even where a destruction throws.
     */
    public void release(Lease<R> lease) {
        try {
            returnToPool(lease);
        } finally {
            if (lease.held) {
                discard(lease);
            } else {
                destroyStray(lease);
            }
        }
    }

    /** The place was {@linkplain #abandon given up} and may be another's by now: this destroys what was in it. */
    private void destroyStray(Lease<R> lease) {
        ResourceHolder<R> stray = lease.stray;
        lease.stray = null;
        if (stray != null) {
            resources.destroy(stray, Cause.BROKEN);
        }
    }

    /** Either waits no longer, or passes on what it was handed at that very moment. */
    private void giveUp(Lease<R> lease) {
        leaveLine(lease);
        release(lease);
    }

    /** False if nothing is free: then it waits, unless it has no time for that. */
    private boolean claimFree(Lease<R> lease, Duration timeout) throws InterruptedException {
        Thread caller = Thread.currentThread();
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw shuttingDown();
            }
            if (!takeFree(lease) && !timeout.isZero()) {
                line.add(lease, caller);
            }
            return lease.held;
        } finally {
            lock.unlock();
        }
    }

    private boolean takeFree(Lease<R> lease) {
        ResourceHolder<R> found = idle.pollLast();
        if (found == null) {
            found = recycled.pollLast();
        }
        if (found != null) {
            lease.holder = found;
        } else if (pooled < poolSize) {
            pooled++;
        } else if (temporary < maxTemporary) {
            temporary++;
            lease.temporary = true;
        } else {
            return false;
        }
        lease.held = true;
        return true;
    }

    private void awaitTurn(Lease<R> lease, long deadline, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + deadline - resources.nanos();
        while (lease.waiter != null) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = end - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else {
                leaveLine(lease);
            }
        }
        if (!lease.held) {
            throw closed ? shuttingDown() : noResource("none came free", timeout);
        }
        lease.since(resources.nanos());
    }

    private void leaveLine(Lease<R> lease) {
        if (lease.waiter == null) {
            return;
        }
        Surely.lock(lock);
        try {
            if (lease.waiter != null) {
                line.remove(lease);
                lease.waiter = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the resource that was in the place, if any. One that can't be used is destroyed. */
    private boolean hasFitResource(Lease<R> lease) {
        ResourceHolder<R> found = lease.holder;
        if (found == null) {
            return false;
        }
        if (resources.isWorn(found)) {
            destroy(lease, Cause.OLD);
            return false;
        }
        if (!resources.isDueForValidation(found)) {
            return true;
        }
        lease.holder = null; // or the place would be handed on with it, should the validation not return
        boolean fit = false;
        try {
            fit = resources.isValid(found, () -> vacate(lease));
        } finally {
            if (!fit) {
                resources.destroy(found, Cause.BROKEN);
            }
        }
        if (!fit) {
            return false;
        }
        lease.holder = found;
        lease.since(resources.nanos());
        return true;
    }

    /** @param timeout for the message; {@code nanos} is what is left of it */
    private void create(Lease<R> lease, BooleanSupplier isOver, long nanos, Duration timeout)
            throws InterruptedException {
        keepCreated(lease, resources.createForCaller(isOver, nanos, () -> vacate(lease)), isOver, timeout);
    }

    private void keepCreated(
            Lease<R> lease, @Nullable ResourceHolder<R> created, BooleanSupplier isOver, Duration timeout) {
        lease.holder = created;
        if (created == null) {
            throw isOver.getAsBoolean() || resources.isKilled()
                    ? shuttingDown()
                    : noResource("the last creation failed and the next attempt is not due", timeout);
        }
        lease.since(resources.nanos());
    }

    private void destroy(Lease<R> lease, Cause cause) {
        ResourceHolder<R> holder = lease.holder;
        lease.holder = null;
        if (holder != null) {
            resources.destroy(holder, cause);
        }
    }

    /** Frees the place whatever the destruction comes to, or it would be lost, and a stop would wait for it for ever. */
    private void discard(Lease<R> lease) {
        ResourceHolder<R> holder = lease.holder;
        lease.holder = null;
        try {
            if (holder != null) {
                resources.destroy(holder, endOf(lease), vacating(lease));
            }
        } finally {
            vacate(lease);
        }
    }

    private Runnable vacating(Lease<R> lease) {
        while (true) {
            try {
                return () -> vacate(lease);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private Cause endOf(Lease<R> lease) {
        if (!lease.isUsable()) {
            return Cause.BROKEN;
        }
        if (lease.temporary) {
            return Cause.SURPLUS;
        }
        return closed ? Cause.SHUTDOWN : Cause.OLD;
    }

    /** Does nothing if there is no resource, or that can't be used again. */
    private void returnToPool(Lease<R> lease) {
        ResourceHolder<R> holder = lease.holder;
        if (holder == null || lease.temporary || !lease.isUsable() || resources.isWorn(holder)) {
            return;
        }
        Lease<R> renewal = isToBeRenewed(holder) ? new Lease<>(0) : null;
        Surely.lock(lock);
        try {
            if (closed || !lease.held) {
                return;
            }
            holder.rests();
            if (renewal != null && !kept) {
                kept = true;
                move(lease, renewal);
            } else if (!handOver(lease)) {
                stack(holder);
                lease.holder = null;
                lease.held = false;
            }
        } finally {
            lock.unlock();
        }
        if (renewal != null && renewal.held) {
            startKeeper(renewal);
        }
    }

    /**
     * The thread that holds a lease hangs in the factory: gives its place up. What is in it is nobody else's: that thread
     * destroys it, when it comes back and releases the lease.
     */
    public void abandon(Lease<R> lease) {
        Surely.lock(lock);
        try {
            lease.stray = lease.holder;
            lease.holder = null;
        } finally {
            lock.unlock();
        }
        vacate(lease);
    }

    /** Gives up a place that is empty, to the one that has waited longest, if any. */
    private void vacate(Lease<R> lease) {
        Surely.lock(lock);
        try {
            if (lease.held && !handOver(lease)) {
                if (lease.temporary) {
                    temporary--;
                } else {
                    pooled--;
                }
                lease.held = false;
                checkEmptied();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands a place over, with the resource in it or without. Wakes that one caller alone; false if nobody waits.
     *
     * <p>A caller that times out or is interrupted just now, and leaves the line, either comes first, or finds under the
     * lock that it has got the place: then it uses it, or passes it on.
     */
    private boolean handOver(Lease<R> lease) {
        Lease<R> longest = line.poll();
        if (longest == null) {
            return false;
        }
        move(lease, longest);
        Thread waiter = longest.waiter;
        longest.waiter = null;
        LockSupport.unpark(waiter);
        return true;
    }

    private void move(Lease<R> from, Lease<R> to) {
        to.holder = from.holder;
        to.temporary = from.temporary;
        to.held = true;
        from.holder = null;
        from.held = false;
    }

    private void stack(ResourceHolder<R> holder) {
        (resources.isRecycled(holder) ? recycled : idle).addLast(holder);
    }

    // -- filling and renewing --------------------------------------------------------------------------------------

    /**
     * Fills the pool, on a thread of its own, until it is full or closed. Creations that fail are tried again.
     *
     * @return completed when the pool is full or closed; failed by the first failure
     */
    public CompletableFuture<@Nullable Void> fill() {
        Surely.lock(lock);
        try {
            filling = true;
        } finally {
            lock.unlock();
        }
        if (!keep()) {
            filled.complete(null);
        }
        return filled;
    }

    /**
     * Renews the idle resources that a recycle has made old, one at a time, on a thread of its own: each is destroyed, and
     * another created in its place. Until then they serve. One on lease is renewed when it comes back. In an outage none is:
     * they serve on, and are renewed from the next use after it on.
     */
    public void renew() {
        Surely.lock(lock);
        try {
            for (int i = idle.size(); i > 0; i--) {
                stack(idle.getFirst()); // first: this may want memory
                idle.removeFirst();
            }
        } finally {
            lock.unlock();
        }
        keep();
    }

    private boolean isToBeRenewed(ResourceHolder<R> holder) {
        return resources.isRecycled(holder) && resources.canCreateNow();
    }

    /** Starts a keeper, if there is work for one and none is at it. */
    private boolean keep() {
        Lease<R> work = new Lease<>(0);
        boolean claimed = claimWork(work, false);
        if (claimed) {
            startKeeper(work);
        }
        return claimed;
    }

    /**
     * Claims a place to fill or to renew. Where there is none the keeper's time is over in the same look: whoever has work
     * for one after that starts another.
     *
     * @param isKeeper whether the keeper asks, or whoever wants to start one
     */
    private boolean claimWork(Lease<R> work, boolean isKeeper) {
        boolean canCreate = resources.canCreateNow();
        Surely.lock(lock);
        try {
            if (kept != isKeeper) {
                return false;
            }
            kept = !closed && (claimRoom(work) || (canCreate && claimRecycled(work)));
            keeper = kept ? keeper : null;
            return kept;
        } finally {
            lock.unlock();
        }
    }

    private boolean claimRoom(Lease<R> work) {
        filling = filling && pooled < poolSize;
        if (filling) {
            pooled++;
            work.held = true;
        }
        return filling;
    }

    private boolean claimRecycled(Lease<R> work) {
        work.holder = recycled.pollFirst();
        work.held = work.holder != null;
        return work.held;
    }

    private void startKeeper(Lease<R> work) {
        boolean started = false;
        try {
            threads.newThread(() -> keepUp(work)).start();
            started = true;
        } catch (Throwable e) {
            logger.errorf("no thread to fill or renew the resource pool: %s", Guard.describe(e), e);
            filled.completeExceptionally(e);
        } finally {
            if (!started) {
                endKeeping(work);
            }
        }
    }

    private void keepUp(Lease<R> work) {
        boolean ended = false;
        try {
            beKeeper(Thread.currentThread());
            do {
                fillOrRenew(work);
            } while (claimWork(work, true));
            ended = true;
        } catch (Throwable e) {
            // An error of the JVM or of the engine: what is left to do is done from the next recycle or release on.
            logger.errorf("filling or renewing the resource pool failed: %s", Guard.describe(e), e);
            filled.completeExceptionally(e);
        } finally {
            if (!ended) {
                endKeeping(work);
            }
            filled.complete(null);
        }
    }

    private void fillOrRenew(Lease<R> work) {
        try {
            destroy(work, Cause.OLD);
            BooleanSupplier isOver = () -> closed;
            keepCreated(work, resources.create(isOver, Long.MAX_VALUE, () -> abandonKeeper(work)), isOver, UNBOUNDED);
        } catch (ResourceCreationException e) {
            filled.completeExceptionally(e);
        } catch (TaskRejectedException e) {
            logger.infof("the resource pool was not filled: %s", e.getMessage());
        } catch (InterruptedException e) {
            logger.infof("the resource pool was not filled: the manager was killed");
        } finally {
            release(work);
        }
    }

    /** A creation of the keeper's ignores its interrupt: another may fill the pool, and nobody waits for this one. */
    private void abandonKeeper(Lease<R> work) {
        filled.completeExceptionally(new ResourceCreationException(
                "manager \"" + managerName + "\" could not fill its pool: a creation hangs", null));
        vacate(work);
        Surely.lock(lock);
        try {
            kept = false;
            keeper = null;
        } finally {
            lock.unlock();
        }
    }

    private void beKeeper(@Nullable Thread thread) {
        Surely.lock(lock);
        try {
            keeper = thread;
        } finally {
            lock.unlock();
        }
    }

    /** In this order: a recycled resource that came back without a keeper would ask for one. */
    private void endKeeping(Lease<R> work) {
        try {
            release(work);
        } finally {
            Surely.lock(lock);
            kept = false;
            keeper = null;
            lock.unlock();
        }
    }

    /** Interrupts the creation under way that fills or renews the pool, for a kill. */
    public void interruptFill() {
        Surely.lock(lock);
        try {
            if (keeper != null) {
                keeper.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    // -- the end ---------------------------------------------------------------------------------------------------

    /**
     * Refuses new leases and those that wait, and destroys the idle resources, on a thread of its own, since a destruction
     * may take long; those on lease are destroyed when they come back.
     */
    public void close() {
        boolean hasLeftovers;
        Surely.lock(lock);
        try {
            closed = true;
            hasLeftovers = idle.size() + recycled.size() > 0;
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
        for (Lease<R> lease = line.poll(); lease != null; lease = line.poll()) {
            Thread waiter = lease.waiter;
            lease.waiter = null;
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

    private void destroyLeftovers() {
        Lease<R> leftover = leftover();
        while (claimIdle(leftover)) {
            try {
                discard(leftover);
            } catch (Throwable e) {
                logger.errorf("destroying a resource failed: %s", Guard.describe(e), e);
            }
        }
    }

    private Lease<R> leftover() {
        while (true) {
            try {
                return new Lease<>(0);
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private boolean claimIdle(Lease<R> lease) {
        Surely.lock(lock);
        try {
            ResourceHolder<R> found = idle.pollLast();
            lease.holder = found != null ? found : recycled.pollLast();
            lease.held = lease.holder != null;
            return lease.held;
        } finally {
            lock.unlock();
        }
    }

    private void checkEmptied() {
        if (closed && pooled + temporary == 0) {
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
            return pooled + temporary == 0;
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
        return closed ? 0 : idle.size() + recycled.size();
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
                            + timeout + "); pooled=" + pooled + " of " + poolSize + ", idle=" + available()
                            + ", temporary=" + temporary + " of " + maxTemporary
                            + "; raise resourcePoolSize, maxTemporaryResources or acquireTimeout");
        } finally {
            lock.unlock();
        }
    }
}

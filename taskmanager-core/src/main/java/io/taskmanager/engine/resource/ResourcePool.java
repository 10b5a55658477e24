package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.TaskRejectedException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources of tasks that run on their caller's thread. A pooled one if there is room for it in the pool, else a
 * temporary one if there is room for that, else whichever comes free first.
 */
public final class ResourcePool<R> {

    private static final Duration UNBOUNDED = Duration.ofNanos(Long.MAX_VALUE);

    private final String managerName;
    private final Resources<R> resources;
    private final Logger logger;
    private final ThreadFactory threads;
    private final int poolSize;
    private final int maxTemporary;

    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when a resource or a place for one comes free, and when the pool closes. */
    private final Condition changed = lock.newCondition();

    // Guarded by lock. A resource counts from before its creation until after its destruction.
    private final Deque<ResourceHolder<R>> idle = new ArrayDeque<>();
    private int pooled;
    private int temporary;
    private boolean abandoned;
    private @Nullable Thread filler;

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
    }

    /** A resource in the hands of a caller since a moment, who gives it back with {@link ResourcePool#release}. */
    public record Lease<R>(ResourceHolder<R> holder, boolean isTemporary, long sinceNanos) {}

    /** The counts at one moment. */
    public record Counts(int available, int temporary) {}

    /**
     * Leases a resource; waits for one at most {@code timeout}, and as long again, in an outage, for the right to create
     * one.
     *
     * @param nowNanos what the clock says, read a moment ago; it is not read again for a resource that is there
     * @throws TaskRejectedException if none came free in time, or the pool is closed
     * @throws ResourceCreationException if creating one failed
     */
    public Lease<R> acquire(Duration timeout, long nowNanos) throws InterruptedException {
        boolean atOnce = true;
        while (true) {
            Place<R> place = awaitPlace(timeout);
            ResourceHolder<R> found = place.idle();
            if (found == null) {
                return lease(createFor(place, () -> closed, timeout), place.isTemporary());
            }
            atOnce &= place.atOnce();
            if (resources.isOld(found)) {
                discard(found, Cause.OLD);
            } else if (!resources.isDueForValidation(found)) {
                return atOnce ? new Lease<>(found, false, nowNanos) : lease(found, false);
            } else if (resources.isValid(found.resource())) {
                return lease(found, false);
            } else {
                discard(found, Cause.BROKEN);
            }
            atOnce = false;
        }
    }

    private Lease<R> lease(ResourceHolder<R> holder, boolean isTemporary) {
        return new Lease<>(holder, isTemporary, resources.nanos());
    }

    /**
     * Exchanges a broken resource for a new one. Also while the pool closes, since the task that needs it was accepted. When
     * this throws, the lease has ended.
     *
     * @param isOver whether nobody needs it any more
     * @throws TaskRejectedException if it was over, or none could be created in time
     * @throws ResourceCreationException if creating one failed
     */
    public Lease<R> exchange(Lease<R> broken, BooleanSupplier isOver, Duration timeout) throws InterruptedException {
        resources.destroy(broken.holder(), Cause.BROKEN);
        Place<R> place = new Place<>(null, broken.isTemporary(), false);
        return lease(createFor(place, isOver, timeout), broken.isTemporary());
    }

    /** Gives a resource back: to the pool if it can be used again, else it is destroyed. */
    public void release(Lease<R> lease, boolean usable) {
        boolean keep = usable && !lease.isTemporary() && !resources.isOld(lease.holder());
        if (keep && keep(lease.holder())) {
            return;
        }
        resources.destroy(lease.holder(), endOf(lease, usable));
        forget(lease.isTemporary());
    }

    private Cause endOf(Lease<R> lease, boolean usable) {
        if (!usable) {
            return Cause.BROKEN;
        }
        if (lease.isTemporary()) {
            return Cause.SURPLUS;
        }
        return resources.isOld(lease.holder()) ? Cause.OLD : Cause.SHUTDOWN;
    }

    /**
     * Fills the pool, on a thread of its own, until it is full or closed. Creations that fail are tried again.
     *
     * @return completed when the pool is full or closed; failed by the first failure
     */
    public CompletableFuture<@Nullable Void> fill() {
        CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        threads.newThread(() -> fill(first)).start();
        return first;
    }

    private void fill(CompletableFuture<@Nullable Void> first) {
        while (claimPooledPlace(Thread.currentThread())) {
            try {
                release(lease(createFor(new Place<>(null, false, false), () -> closed, UNBOUNDED), false), true);
            } catch (ResourceCreationException e) {
                logger.warnf("the resource pool is not full yet: %s", e.getMessage(), e);
                first.completeExceptionally(e);
            } catch (TaskRejectedException e) {
                logger.infof("the resource pool was not filled: %s", e.getMessage());
            } catch (InterruptedException e) {
                logger.infof("the resource pool was not filled: the manager was killed");
            }
        }
        first.complete(null);
    }

    /**
     * Refuses new leases and destroys the idle resources, on a thread of its own, since a destruction may take long;
     * those on lease are destroyed when they come back.
     */
    public void close() {
        List<ResourceHolder<R>> leftovers;
        lock.lock();
        try {
            closed = true;
            leftovers = List.copyOf(idle);
            idle.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!leftovers.isEmpty()) {
            threads.newThread(() -> leftovers.forEach(holder -> discard(holder, Cause.SHUTDOWN)))
                    .start();
        }
    }

    private void discard(ResourceHolder<R> holder, Cause cause) {
        resources.destroy(holder, cause);
        forget(false);
    }

    /** Destroys the idle resources that are old; those on lease are looked at when they come back. */
    public void discardOld() {
        List<ResourceHolder<R>> old;
        lock.lock();
        try {
            old = idle.stream().filter(resources::isOld).toList();
            idle.removeAll(old);
        } finally {
            lock.unlock();
        }
        old.forEach(holder -> discard(holder, Cause.OLD));
    }

    /** Interrupts the creation of {@link #fill} under way, for a kill. */
    public void interruptFill() {
        lock.lock();
        try {
            if (filler != null) {
                filler.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the closed pool has no resource left, or {@link #abandon} was called. */
    public boolean awaitEmpty(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (pooled + temporary > 0 && !abandoned) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #awaitEmpty} wait no longer. */
    public void abandon() {
        lock.lock();
        try {
            abandoned = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
            return new Counts(idle.size(), temporary);
        } finally {
            lock.unlock();
        }
    }

    /** A resource from the pool, or room for a new one; and whether that was there at once. */
    private record Place<R>(@Nullable ResourceHolder<R> idle, boolean isTemporary, boolean atOnce) {}

    private Place<R> awaitPlace(Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long all = timeout.toNanos();
            long left = all;
            while (true) {
                if (closed) {
                    throw shuttingDown();
                }
                Place<R> place = findPlace(left == all);
                if (place != null) {
                    return place;
                }
                if (left <= 0) {
                    throw noResource("none came free", timeout);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Place<R> findPlace(boolean atOnce) {
        ResourceHolder<R> holder = idle.pollLast();
        if (holder != null) {
            return new Place<>(holder, false, atOnce);
        }
        if (pooled < poolSize) {
            pooled++;
            return new Place<>(null, false, atOnce);
        }
        if (temporary < maxTemporary) {
            temporary++;
            return new Place<>(null, true, atOnce);
        }
        return null;
    }

    private ResourceHolder<R> createFor(Place<R> place, BooleanSupplier isOver, Duration timeout)
            throws InterruptedException {
        ResourceHolder<R> holder = null;
        try {
            holder = resources.create(isOver, timeout.toNanos());
        } finally {
            if (holder == null) {
                forget(place.isTemporary());
            }
        }
        if (holder == null) {
            throw isOver.getAsBoolean()
                    ? shuttingDown()
                    : noResource("the last creation failed and the next attempt is not due", timeout);
        }
        return holder;
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
                            + timeout + "); pooled=" + pooled + " of " + poolSize + ", idle=" + idle.size()
                            + ", temporary=" + temporary + " of " + maxTemporary
                            + "; raise resourcePoolSize, maxTemporaryResources or acquireTimeout");
        } finally {
            lock.unlock();
        }
    }

    private boolean claimPooledPlace(Thread thread) {
        lock.lock();
        try {
            filler = closed || pooled >= poolSize ? null : thread;
            if (filler == null) {
                return false;
            }
            pooled++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean keep(ResourceHolder<R> holder) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            holder.rests();
            idle.addLast(holder);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void forget(boolean isTemporary) {
        lock.lock();
        try {
            if (isTemporary) {
                temporary--;
            } else {
                pooled--;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

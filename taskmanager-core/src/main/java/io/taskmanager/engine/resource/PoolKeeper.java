package io.taskmanager.engine.resource;

import io.taskmanager.Logger;
import io.taskmanager.ResourceCreationException;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.TaskRejectedException;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fills and renews a {@link ResourcePool}, on a thread of its own, one at a time; there is none while there is nothing to do.
 * What it has claimed is held by {@link Places}.
 */
final class PoolKeeper<R> {

    private static final Duration UNBOUNDED = Duration.ofNanos(Long.MAX_VALUE);

    private final String managerName;
    private final ResourcePool<R> pool;
    private final SlotTable<R> slots;
    private final Places<R> places;
    private final SlotContents<R> contents;
    private final Resources<R> resources;
    private final Logger logger;
    private final ThreadFactory threads;
    private final CompletableFuture<@Nullable Void> filled = new CompletableFuture<>();

    /** That of the places. */
    private final ReentrantLock lock;

    // Guarded by lock.
    private boolean filling;
    /** Whether there is a thread, or will be one in a moment. */
    private boolean kept;

    private @Nullable Thread thread;

    PoolKeeper(
            String managerName,
            ResourcePool<R> pool,
            SlotTable<R> slots,
            Places<R> places,
            SlotContents<R> contents,
            Resources<R> resources,
            Logger logger,
            ThreadFactory threads) {
        this.managerName = managerName;
        this.pool = pool;
        this.slots = slots;
        this.places = places;
        this.contents = contents;
        this.lock = places.lock;
        this.resources = resources;
        this.logger = logger;
        this.threads = threads;
    }

    /** See {@link ResourcePool#fill}. */
    CompletableFuture<@Nullable Void> fill() {
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

    boolean isToBeRenewed(ResourceHolder<R> resource) {
        return resources.isRecycled(resource) && resources.canCreateNow();
    }

    /** Starts a thread, if there is work for one and none is at it. */
    boolean keep() {
        Slot<R> work = claimWork(false);
        if (work != null) {
            start(work);
        }
        return work != null;
    }

    /** Makes the pool a slot's holder, which is to be renewed, unless there is a thread at work; then {@link #start}. */
    boolean take(Slot<R> slot) {
        Surely.lock(lock);
        try {
            if (kept || places.isClosed() || slot.owner() == null) {
                return false;
            }
            kept = true;
            slot.hold(places);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Claims a place to fill or to renew. Where there is none the thread's time is over in the same look: whoever has work
     * for one after that starts another.
     *
     * @param isThread whether the thread asks, or whoever wants to start one
     */
    private @Nullable Slot<R> claimWork(boolean isThread) {
        boolean canCreate = resources.canCreateNow();
        Slot<R> made = new Slot<>();
        Surely.lock(lock);
        try {
            if (kept != isThread) {
                return null;
            }
            Slot<R> work = null;
            if (!places.isClosed()) {
                filling = filling && slots.claimPooledRoom(made, places);
                work = filling ? made : null;
                work = work == null && canCreate ? slots.claimRecycled(places, resources) : work;
            }
            kept = work != null;
            thread = kept ? thread : null;
            return work;
        } finally {
            lock.unlock();
        }
    }

    void start(Slot<R> work) {
        boolean started = false;
        try {
            threads.newThread(() -> keepUp(work)).start();
            started = true;
        } catch (Throwable e) {
            logger.errorf("no thread to fill or renew the resource pool: %s", Guard.describe(e), e);
            filled.completeExceptionally(e);
        } finally {
            if (!started) {
                end(work);
            }
        }
    }

    private void keepUp(Slot<R> first) {
        Slot<R> work = first;
        boolean ended = false;
        try {
            begin();
            while (work != null) {
                Slot<R> current = work;
                work = null; // whatever comes, it is released
                fillOrRenew(current);
                work = claimWork(true);
            }
            ended = true;
        } catch (Throwable e) {
            // An error of the JVM or of the engine: what is left to do is done from the next recycle or release on.
            logger.errorf("filling or renewing the resource pool failed: %s", Guard.describe(e), e);
            filled.completeExceptionally(e);
        } finally {
            if (!ended) {
                end(work);
            }
            filled.complete(null);
        }
    }

    private void fillOrRenew(Slot<R> work) {
        try {
            contents.destroy(work, Cause.OLD);
            BooleanSupplier isOver = places::isClosed; // before the resource: there may be no memory for it
            contents.keep(work, resources.create(isOver, Long.MAX_VALUE, () -> abandon(work)), isOver, UNBOUNDED);
        } catch (ResourceCreationException e) {
            filled.completeExceptionally(e);
        } catch (TaskRejectedException e) {
            logger.infof("the resource pool was not filled: %s", e.getMessage());
        } catch (InterruptedException e) {
            logger.infof("the resource pool was not filled: the manager was killed");
        } finally {
            pool.release(work, places);
        }
    }

    /** A creation ignores its interrupt: another thread may fill the pool, and nobody waits for this one. */
    private void abandon(Slot<R> work) {
        filled.completeExceptionally(new ResourceCreationException(
                "manager \"" + managerName + "\" could not fill its pool: a creation hangs", null));
        places.vacate(work);
        Surely.lock(lock);
        try {
            kept = false;
            thread = null;
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        Surely.lock(lock);
        try {
            thread = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** In this order: a recycled resource that is released while there is no keeper would ask for one. */
    private void end(@Nullable Slot<R> work) {
        try {
            if (work != null) {
                pool.release(work, places);
            }
        } finally {
            Surely.lock(lock);
            kept = false;
            thread = null;
            lock.unlock();
        }
    }

    /** Interrupts the creation under way, for a kill. */
    void interrupt() {
        Surely.lock(lock);
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}

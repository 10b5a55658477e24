package io.taskmanager.engine.worker;

import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Surely;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The destructions of resources that workers have given up, on threads of their own where that can be. Counted in the roster,
 * under the pool's lock, from before such a thread starts until the resource is destroyed or abandoned.
 */
final class Destructions<R> {

    private final Roster<R> roster;
    private final ThreadStarts<R> starts;
    private final Renewals<R> renewals;
    private final Resources<R> resources;
    private final ThreadFactory threads;
    private final boolean threadBound;
    private final ReentrantLock lock;

    private final Runnable onDestroyedElsewhere = this::destroyed;

    /**
     * @param threads for destructions that may take their time
     * @param threadBound whether only a worker's own thread may destroy its resource
     */
    Destructions(
            Roster<R> roster,
            ThreadStarts<R> starts,
            Renewals<R> renewals,
            Resources<R> resources,
            ThreadFactory threads,
            boolean threadBound,
            ReentrantLock lock) {
        this.roster = roster;
        this.starts = starts;
        this.renewals = renewals;
        this.resources = resources;
        this.threads = threads;
        this.threadBound = threadBound;
        this.lock = lock;
    }

    /**
     * Destroys a resource that a worker has given up: on another thread, where there is room for another resource meanwhile,
     * so that the worker need not wait.
     *
     * @param onDestroyed run where it is done on this one: by this, or by the timer's if that does not return
     */
    void destroy(ResourceHolder<R> old, Cause cause, Runnable onDestroyed) {
        if (!claim()) {
            resources.destroy(old, cause, onDestroyed);
            return;
        }
        try {
            threads.newThread(() -> resources.destroy(old, cause, onDestroyedElsewhere))
                    .start();
        } catch (Throwable e) {
            resources.destroy(old, cause, onDestroyedElsewhere); // no thread to be had
        }
    }

    private boolean claim() {
        Surely.lock(lock);
        try {
            boolean claimed = !threadBound && roster.isRoom();
            if (claimed) {
                roster.beginDestruction();
            }
            return claimed;
        } finally {
            lock.unlock();
        }
    }

    private void destroyed() {
        Surely.lock(lock);
        try {
            roster.endDestruction();
        } finally {
            lock.unlock();
        }
        starts.fill();
        renewals.wakeNext();
    }
}

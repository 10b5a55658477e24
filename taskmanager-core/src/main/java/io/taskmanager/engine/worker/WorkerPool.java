package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.WorkerInfo;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.queue.WorkerSlots;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.support.Waiters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Every worker, and every count of workers. A worker counts from before its thread starts until after its resource is
 * destroyed, so there are never more resources, those being created included, than the target allows.
 *
 * <p>Lock order: the queue's lock or the creation gate's, then this pool's. So nothing of those is called under it.
 */
public final class WorkerPool<R> {

    /** Stands for the manager in a {@link io.taskmanager.engine.support.Frame}. */
    final Object owner;

    final TaskQueue queue;
    final WorkerSlots slots;
    final AttemptRules<R> rules;
    final OutcomeHandler outcomes;
    final Resources<R> resources;
    final Logger logger;

    final Renewals<R> renewals;
    final Destructions<R> destructions;
    final Departures<R> departures;

    private final ThreadStarts<R> starts;
    private final Timer timer;

    private final ReentrantLock lock = new ReentrantLock();
    /** Woken when a worker has gone, and when nobody is to wait for that any more. */
    private final Waiters gone = new Waiters(lock);

    // Guarded by lock, but for what it says can be read without.
    private final Roster<R> roster;

    // Guarded by lock.
    private boolean abandoned;

    /**
     * @param owner stands for the manager in a {@link io.taskmanager.engine.support.Frame}
     * @param destroyers makes threads for destructions that may take their time
     * @param threadBound whether only a worker's own thread may destroy its resource
     */
    public WorkerPool(
            Object owner,
            TaskQueue queue,
            AttemptRules<R> rules,
            OutcomeHandler outcomes,
            Resources<R> resources,
            Logger logger,
            EventLog events,
            ThreadFactory threads,
            ThreadFactory destroyers,
            boolean threadBound,
            Timer timer) {
        this.owner = owner;
        this.queue = queue;
        this.slots = queue.workers();
        this.rules = rules;
        this.outcomes = outcomes;
        this.resources = resources;
        this.logger = logger;
        this.timer = timer;
        this.roster = new Roster<>(this, queue, timer, lock, gone);
        this.starts = new ThreadStarts<>(roster, lock, threads, timer, logger);
        this.renewals = new Renewals<>(roster, starts, slots, resources, lock);
        this.destructions = new Destructions<>(roster, starts, renewals, resources, destroyers, threadBound, lock);
        this.departures = new Departures<>(roster, starts, renewals, slots, events, lock);
    }

    /**
     * The counts at one moment.
     *
     * @param active the workers that own a resource, those that retire included
     * @param starting those that do not yet
     */
    public record Counts(int active, int starting) {}

    /**
     * Attempts that workers have finished.
     *
     * @param runNanos how long they ran, in all
     */
    public record Work(long attempts, long runNanos) {}

    /**
     * Starts the first workers.
     *
     * @throws IllegalStateException if the thread factory gave no thread
     */
    public void start(int count, int maxCount) {
        roster.limit(count, maxCount);
        beginInactive();
        while (true) {
            Worker<R> worker = roster.claimPlace();
            if (worker == null) {
                return;
            }
            boolean started = false;
            try {
                starts.start(worker);
                started = true;
            } finally {
                if (!started) {
                    disclaimPlace(worker);
                }
            }
        }
    }

    private void beginInactive() {
        lock.lock();
        try {
            roster.beginInactive();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs the first attempt of a task here, on its caller's thread, with a worker that is idle. After the return it is
     * answered, or waits for another attempt.
     *
     * @return false if the queue has not accepted the task, since {@link WorkerSlots#claim} found no worker for it
     * @throws InterruptedException if the caller was interrupted before
     */
    public boolean lend(QueuedTask<R, ?> task) throws InterruptedException {
        WorkerSlot slot = slots.claim(task);
        if (slot == null) {
            return false;
        }
        ownWorker(slot).runForCaller(task);
        return true;
    }

    /** The slots of the queue are this pool's workers. */
    @SuppressWarnings("unchecked")
    private Worker<R> ownWorker(WorkerSlot slot) {
        return (Worker<R>) slot;
    }

    /**
     * Sets how many workers there should be. New ones start at once; those too many go when they are idle or have run
     * their task.
     *
     * @param maxCount the most resources of workers, replacements under way included
     */
    public void resizeTo(int count, int maxCount) {
        int before = roster.target();
        roster.limit(count, maxCount);
        if (count > before) {
            starts.fill();
        } else if (count < before) {
            slots.wakeAll();
            resources.wake();
        }
    }

    /** After the queue was killed: nobody waits for a worker any more that had no thread. */
    public void wakeWaiters() {
        Surely.lock(lock);
        try {
            gone.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every worker has gone, or {@link #abandon} was called. */
    public boolean awaitEmpty(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!abandoned && !roster.isVacant()) {
                if (left <= 0) {
                    return false;
                }
                left = gone.await(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #awaitEmpty} wait no longer. */
    public void abandon() {
        Surely.lock(lock);
        try {
            abandoned = true;
            gone.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether every worker has gone, the abandoned ones included. */
    public boolean isEmpty() {
        Surely.lock(lock);
        try {
            return roster.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** How long no worker has had a resource; zero while one has, or none has been started. */
    public Duration withoutResource() {
        Surely.lock(lock);
        try {
            return roster.withoutResource();
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        Surely.lock(lock);
        try {
            return roster.counts();
        } finally {
            lock.unlock();
        }
    }

    /** What all workers have run since the start. */
    public Work work() {
        Surely.lock(lock);
        try {
            return roster.work();
        } finally {
            lock.unlock();
        }
    }

    long nanos() {
        return timer.nanos();
    }

    /** Whether this worker is one too many. One that was told so once is told so always. */
    boolean retires(Worker<R> worker) {
        if (roster.surplus() <= 0 && !worker.retiring) {
            return false;
        }
        Surely.lock(lock);
        try {
            if (!worker.retiring && roster.surplus() > 0 && roster.isToRetire(worker)) {
                roster.retire(worker);
            }
            return worker.retiring;
        } finally {
            lock.unlock();
        }
    }

    /** A worker has its first resource, or another after it had none. A successor takes the place of its predecessor. */
    void resourceGained(Worker<R> worker) {
        Worker<R> replaced;
        Surely.lock(lock);
        try {
            replaced = roster.gain(worker);
        } finally {
            lock.unlock();
        }
        if (replaced != null) {
            slots.wake(replaced);
            renewals.wakeNext();
        }
    }

    void resourceLost(Worker<R> worker) {
        Surely.lock(lock);
        try {
            roster.lose(worker);
        } finally {
            lock.unlock();
        }
    }

    /** What each worker is doing, by id. */
    public List<WorkerInfo> infos(int baseWorkers) {
        List<Worker<R>> byId = snapshot().stream()
                .sorted(Comparator.comparingInt(worker -> worker.journal.id()))
                .toList();
        List<WorkerInfo> infos = new ArrayList<>();
        for (Worker<R> worker : byId) {
            infos.add(worker.info(timer.nanos(), infos.size() >= baseWorkers));
        }
        return infos;
    }

    private void disclaimPlace(Worker<R> worker) {
        Surely.lock(lock);
        try {
            roster.remove(worker);
        } finally {
            lock.unlock();
        }
    }

    private List<Worker<R>> snapshot() {
        Surely.lock(lock);
        try {
            return roster.all();
        } finally {
            lock.unlock();
        }
    }
}

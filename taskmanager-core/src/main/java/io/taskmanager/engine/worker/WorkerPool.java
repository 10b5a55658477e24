package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.WorkerInfo;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.queue.WorkerSlots;
import io.taskmanager.engine.resource.ResourceHolder;
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
import org.jspecify.annotations.Nullable;

/**
 * Every worker, and every count of workers. A worker counts from before its thread starts until after its resource is
 * destroyed, so there are never more resources, those being created included, than the target allows.
 *
 * <p>Lock order: the queue's lock or the creation gate's, then this pool's. So nothing of those is called under it.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
public final class WorkerPool<R> {

    /** Stands for the manager in a {@link io.taskmanager.engine.support.Frame}. */
    final Object owner;

    final TaskQueue queue;
    final WorkerSlots slots;
    final AttemptRules<R> rules;
    final OutcomeHandler outcomes;
    final Resources<R> resources;
    final Logger logger;

    private final EventLog events;
    private final ThreadStarts<R> starts;
    private final ThreadFactory destroyers;
    private final boolean threadBound;
    private final Timer timer;

    private final ReentrantLock lock = new ReentrantLock();
    /** Woken when a worker has gone, and when nobody is to wait for that any more. */
    private final Waiters gone = new Waiters(lock);

    // Guarded by lock, but for what they say can be read without.
    private final Roster<R> roster = new Roster<>();
    private final Renewals<R> renewals = new Renewals<>();

    // Guarded by lock.
    /** The resources that are destroyed on threads of their own; they count against the maximum. */
    private int destroying;

    /** How many workers found no thread and will be tried again. While there are such, no worker does not mean no work. */
    private int owed;

    private boolean abandoned;

    // Written at the start, then under the scaler's monitor; read by any.
    private volatile int target;
    private volatile int max;
    private final Runnable onDestroyedElsewhere = this::destroyed;

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
        this.events = events;
        this.starts = new ThreadStarts<>(this, threads, timer, logger);
        this.destroyers = destroyers;
        this.threadBound = threadBound;
        this.timer = timer;
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
        max = maxCount;
        target = count;
        beginInactive();
        while (true) {
            Worker<R> worker = claimPlace();
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
            roster.beginInactive(timer.nanos());
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
        int before = target;
        max = maxCount;
        target = count;
        if (count > before) {
            fill();
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
            while (!abandoned && !(roster.isEmpty() && destroying == 0 && (owed == 0 || queue.isOver()))) {
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
            return roster.isEmpty() && destroying == 0 && roster.stuck() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How long no worker has had a resource; zero while one has, or none has been started. */
    public Duration withoutResource() {
        Surely.lock(lock);
        try {
            return roster.withoutResource(timer.nanos());
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        Surely.lock(lock);
        try {
            return new Counts(roster.active(), Math.max(0, roster.staying() - renewals.extra() - roster.ready()));
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
        if (surplus() <= 0 && !worker.retiring) {
            return false;
        }
        Surely.lock(lock);
        try {
            if (!worker.retiring && surplus() > 0 && isToRetire(worker)) {
                roster.retire(worker);
            }
            return worker.retiring;
        } finally {
            lock.unlock();
        }
    }

    /** How many workers there are too many. Also without the lock. */
    private int surplus() {
        return roster.staying() - renewals.extra() - target;
    }

    /** Those without a resource first: others may be all that works, while none can be created. */
    private boolean isToRetire(Worker<R> worker) {
        return worker.holder == null || roster.staying() - roster.ready() < surplus();
    }

    /** A worker has its first resource, or another after it had none. A successor takes the place of its predecessor. */
    void resourceGained(Worker<R> worker) {
        Worker<R> replaced;
        Surely.lock(lock);
        try {
            roster.gain(worker);
            replaced = renewals.arrived(worker);
            if (replaced != null && roster.isStaying(replaced)) {
                roster.retire(replaced);
                roster.lose(
                        replaced, timer.nanos()); // as good as gone, though its resource is destroyed after its task
            }
        } finally {
            lock.unlock();
        }
        if (replaced != null) {
            slots.wake(replaced);
            letNextRenew();
        }
    }

    void resourceLost(Worker<R> worker) {
        Surely.lock(lock);
        try {
            roster.lose(worker, timer.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Whether a resource is old, and a renewal could begin now. For the parameters see {@link Resources#isDueForRenewal}. */
    boolean canRenew(Worker<R> worker, ResourceHolder<R> holder, boolean isNeeded) {
        if (!resources.isDueForRenewal(holder, isNeeded)) {
            return false;
        }
        Surely.lock(lock);
        try {
            boolean possible = renewal(holder) != Renewal.NOT_NOW;
            if (!possible) {
                renewals.await(worker);
            }
            return possible;
        } finally {
            lock.unlock();
        }
    }

    Renewal beginRenewal(Worker<R> worker, ResourceHolder<R> holder) {
        Worker<R> next = null;
        Renewal renewal;
        Surely.lock(lock);
        try {
            renewal = renewal(holder);
            if (renewal == Renewal.BY_SUCCESSOR) {
                next = claimPlaceFor(worker);
            }
            renewals.began(renewal);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            starts.startAll(next);
        }
        return renewal;
    }

    void endRenewal(Renewal renewal) {
        if (renewal == Renewal.NOT_NOW || renewal == Renewal.BY_SUCCESSOR) {
            return;
        }
        Surely.lock(lock);
        try {
            renewals.ended(renewal);
        } finally {
            lock.unlock();
        }
        letNextRenew();
        fill();
    }

    /** A renewal has ended: wakes one worker that waits for its turn, if it is idle; a busy one asks after its task. */
    private void letNextRenew() {
        Worker<R> next;
        Surely.lock(lock);
        try {
            next = renewals.next(roster::isStaying);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            slots.wake(next);
        }
    }

    private Renewal renewal(ResourceHolder<R> holder) {
        return renewals.possible(resources.isWorn(holder), isRoom());
    }

    private boolean isRoom() {
        return roster.size() + renewals.overlaps() + destroying < max;
    }

    /**
     * Destroys a resource that a worker has given up: on another thread, where there is room for another resource meanwhile,
     * so that the worker need not wait.
     *
     * @param onDestroyed run where it is done on this one: by this, or by the timer's if that does not return
     */
    void destroy(ResourceHolder<R> old, Cause cause, Runnable onDestroyed) {
        if (!claimDestruction()) {
            resources.destroy(old, cause, onDestroyed);
            return;
        }
        try {
            destroyers
                    .newThread(() -> resources.destroy(old, cause, onDestroyedElsewhere))
                    .start();
        } catch (Throwable e) {
            resources.destroy(old, cause, onDestroyedElsewhere); // no thread to be had
        }
    }

    private boolean claimDestruction() {
        Surely.lock(lock);
        try {
            boolean claimed = !threadBound && isRoom();
            destroying += claimed ? 1 : 0;
            return claimed;
        } finally {
            lock.unlock();
        }
    }

    private void destroyed() {
        Surely.lock(lock);
        try {
            destroying--;
            gone.wakeAll();
        } finally {
            lock.unlock();
        }
        fill();
        letNextRenew();
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

    /** Strikes a worker off whose task will not end, and starts another in its place. */
    void abandon(Worker<R> worker, QueuedTask<?, ?> task) {
        if (!slots.abandon(worker, task)) {
            return;
        }
        Worker<R> next;
        Surely.lock(lock);
        try {
            worker.stuckTask = task;
            next = strikeOff(worker);
        } finally {
            lock.unlock();
        }
        starts.startAll(next);
        events.stuck(task.name());
    }

    /** Strikes a worker off for which the factory does not return, and starts another in its place. */
    void abandon(Worker<R> worker) {
        Worker<R> next;
        Surely.lock(lock);
        try {
            if (worker.abandoned || !roster.has(worker)) {
                return;
            }
            next = strikeOff(worker);
        } finally {
            lock.unlock();
        }
        slots.requeue(worker);
        starts.startAll(next);
    }

    private @Nullable Worker<R> strikeOff(Worker<R> worker) {
        roster.strikeOff(worker, timer.nanos());
        return replace(worker);
    }

    /**
     * A worker has ended, with no resource left; or the destruction of its last does not return. One that was needed is
     * replaced, unless that has been done. Does nothing the second time.
     */
    void exited(Worker<R> worker) {
        QueuedTask<?, ?> task = worker.stuckTask;
        if (task != null) {
            slots.returned(task);
        }
        Worker<R> next = null;
        Surely.lock(lock);
        try {
            if (worker.gone) {
                return;
            }
            worker.gone = true;
            if (worker.abandoned) {
                roster.cameBack();
            } else {
                roster.lose(worker, timer.nanos());
                next = replace(worker);
            }
        } finally {
            lock.unlock();
        }
        starts.startAll(next);
        letNextRenew(); // the turn may have been this worker's
    }

    /**
     * Takes a worker out of the pool, and claims a place for another if that is needed: at once, or a stop could see no worker
     * while there is still work. Under lock.
     */
    private @Nullable Worker<R> replace(Worker<R> worker) {
        forget(worker);
        try {
            return claimPlace();
        } catch (OutOfMemoryError e) {
            owed++;
            starts.startLater();
            return null;
        }
    }

    /** Starts the workers that are missing. */
    private void fill() {
        starts.startAll(null);
    }

    /** A retiring worker keeps its place until it has gone: its resource still counts against the maximum. */
    @Nullable
    Worker<R> claimPlace() {
        Surely.lock(lock);
        try {
            if (roster.size() >= target + renewals.extra() || !isRoom() || queue.isOver()) {
                return null;
            }
            return roster.add(this, null);
        } finally {
            lock.unlock();
        }
    }

    /** For a successor. Null if nothing needs one any more. */
    private @Nullable Worker<R> claimPlaceFor(Worker<R> predecessor) {
        if (queue.isOver()) {
            return null;
        }
        Worker<R> added = roster.add(this, predecessor);
        renewals.succeedBy(added);
        return added;
    }

    private void disclaimPlace(Worker<R> worker) {
        Surely.lock(lock);
        try {
            forget(worker);
        } finally {
            lock.unlock();
        }
    }

    private void forget(Worker<R> worker) {
        roster.remove(worker);
        renewals.left(worker);
        gone.wakeAll();
    }

    /** A worker has no thread, so it is no worker yet, or there was no memory for one; one will be started in its place. */
    void owe(@Nullable Worker<R> worker) {
        Surely.lock(lock);
        try {
            if (worker != null) {
                forget(worker);
            }
            owed++;
        } finally {
            lock.unlock();
        }
    }

    /** One that was owed was started, or is not needed any more. */
    void paid() {
        Surely.lock(lock);
        try {
            owed--;
            gone.wakeAll();
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

package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.TaskManagerEvent.Cause;
import io.taskmanager.WorkerInfo;
import io.taskmanager.WorkerInfo.State;
import io.taskmanager.engine.execution.AttemptRules;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.queue.WorkerSlot;
import io.taskmanager.engine.resource.FactoryCalls;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.support.Waiters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    private static final Duration RESPAWN_DELAY = Duration.ofSeconds(1);

    /** Stands for the manager in a {@link io.taskmanager.engine.support.Frame}. */
    final Object owner;

    final TaskQueue queue;
    final AttemptRules<R> rules;
    final OutcomeHandler outcomes;
    final Resources<R> resources;
    final Logger logger;

    private final EventLog events;
    private final ThreadFactory threads;
    private final ThreadFactory destroyers;
    private final boolean threadBound;
    private final Timer timer;

    private final ReentrantLock lock = new ReentrantLock();
    /** Woken when a worker has gone, and when nobody is to wait for that any more. */
    private final Waiters gone = new Waiters(lock);

    // Guarded by lock.
    private final Set<Worker<R>> workers = new HashSet<>();
    /** What was run by those that are no longer among them. */
    private long attemptsOfGone;

    private long runNanosOfGone;

    private int lastId;
    private int active;
    /** When the last worker lost its resource, or the first was started; while there is none with a resource. */
    private long inactiveSinceNanos;

    /** The workers that have a resource and are not retiring. */
    private int ready;

    private int stuck;
    /** The resources that are destroyed on threads of their own; they count against the maximum. */
    private int destroying;

    private int overlaps;
    private int swaps;
    /** The worker that is to take the place of one whose resource is old, until it has its own; one at a time. */
    private @Nullable Worker<R> successor;

    /** The workers with an old resource that were told "not now", in turn. */
    private final Deque<Worker<R>> awaitingRenewal = new ArrayDeque<>();

    /** How many workers found no thread and will be tried again. While there are such, no worker does not mean no work. */
    private int respawns;

    private boolean abandoned;

    // Written at the start, then under the scaler's monitor; read by any.
    private volatile int target;
    private volatile int max;
    /** The workers that are not retiring. Written under lock; read without it, as a first look, between two tasks. */
    private volatile int staying;
    /** How many there are beyond the target: one, while there is a successor. As above. */
    private volatile int extra;

    private final Runnable respawn = this::respawn;
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
        this.rules = rules;
        this.outcomes = outcomes;
        this.resources = resources;
        this.logger = logger;
        this.events = events;
        this.threads = threads;
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
        standInactive();
        while (true) {
            Worker<R> worker = claimPlace();
            if (worker == null) {
                return;
            }
            boolean started = false;
            try {
                startThread(worker);
                started = true;
            } finally {
                if (!started) {
                    disclaimPlace(worker);
                }
            }
        }
    }

    private void standInactive() {
        lock.lock();
        try {
            inactiveSinceNanos = timer.nanos();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs the first attempt of a task here, on its caller's thread, with a worker that is idle. After the return it is
     * answered, or waits for another attempt.
     *
     * @return false if the queue has not accepted the task, since {@link TaskQueue#lend} found no worker for it
     * @throws InterruptedException if the caller was interrupted before
     */
    public boolean lend(QueuedTask<R, ?> task) throws InterruptedException {
        WorkerSlot slot = queue.lend(task);
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
            queue.wakeIdle();
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
            while (!abandoned && !(workers.isEmpty() && destroying == 0 && (respawns == 0 || queue.isOver()))) {
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
            return workers.isEmpty() && destroying == 0 && stuck == 0;
        } finally {
            lock.unlock();
        }
    }

    /** How long no worker has had a resource; zero while one has, or none has been started. */
    public Duration withoutResource() {
        Surely.lock(lock);
        try {
            boolean none = active == 0 && !workers.isEmpty();
            return none ? Duration.ofNanos(timer.nanos() - inactiveSinceNanos) : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        Surely.lock(lock);
        try {
            return new Counts(active, Math.max(0, staying - extra - ready));
        } finally {
            lock.unlock();
        }
    }

    /** What all workers have run since the start. */
    public Work work() {
        Surely.lock(lock);
        try {
            long attempts = attemptsOfGone;
            long runNanos = runNanosOfGone;
            for (Worker<R> worker : workers) {
                attempts += worker.journal.attempts();
                runNanos += worker.journal.runNanos();
            }
            return new Work(attempts, runNanos);
        } finally {
            lock.unlock();
        }
    }

    /** Under lock. */
    private void remove(Worker<R> worker) {
        if (workers.remove(worker)) {
            attemptsOfGone += worker.journal.attempts();
            runNanosOfGone += worker.journal.runNanos();
        }
    }

    long nanos() {
        return timer.nanos();
    }

    /** Whether this worker is one too many. One that was told so once is told so always. */
    boolean retires(Worker<R> worker) {
        if (staying - extra <= target && !worker.retiring) {
            return false;
        }
        Surely.lock(lock);
        try {
            if (!worker.retiring && staying - extra > target && isToRetire(worker)) {
                retire(worker);
            }
            return worker.retiring;
        } finally {
            lock.unlock();
        }
    }

    /** Those without a resource first: others may be all that works, while none can be created. */
    private boolean isToRetire(Worker<R> worker) {
        return worker.holder == null || staying - ready < staying - extra - target;
    }

    private void retire(Worker<R> worker) {
        worker.retiring = true;
        staying--;
        ready -= worker.active ? 1 : 0;
    }

    /** A worker has its first resource, or another after it had none. A successor takes the place of its predecessor. */
    void resourceGained(Worker<R> worker) {
        Worker<R> replaced = null;
        Surely.lock(lock);
        try {
            worker.active = true;
            active++;
            ready += worker.retiring ? 0 : 1;
            if (worker == successor) {
                replaced = worker.predecessor;
                endSuccession();
                if (replaced != null && workers.contains(replaced) && !replaced.retiring) {
                    retire(replaced);
                    lose(replaced); // as good as gone, though its resource is destroyed after its task
                }
            }
        } finally {
            lock.unlock();
        }
        if (replaced != null) {
            queue.wake(replaced);
            letNextRenew();
        }
    }

    void resourceLost(Worker<R> worker) {
        Surely.lock(lock);
        try {
            lose(worker);
        } finally {
            lock.unlock();
        }
    }

    private void lose(Worker<R> worker) {
        if (worker.active) {
            worker.active = false;
            active--;
            if (active == 0) {
                inactiveSinceNanos = timer.nanos();
            }
            ready -= worker.retiring ? 0 : 1;
        }
    }

    private void endSuccession() {
        successor = null;
        extra = 0;
    }

    /** How an old resource can be replaced. */
    enum Renewal {
        /** Not for the time being; it serves on. */
        NOT_NOW,
        /** By a worker more, which takes its place when it has its own; it serves on. One at a time. */
        BY_SUCCESSOR,
        /** By one that is created before it goes, and does not serve meanwhile: it is worn. */
        OVERLAP,
        /** By one that is created after, since the maximum leaves no room; one worker at a time. */
        SWAP
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
                awaitRenewal(worker);
            }
            return possible;
        } finally {
            lock.unlock();
        }
    }

    private void awaitRenewal(Worker<R> worker) {
        if (worker.awaitsRenewal) {
            return;
        }
        try {
            awaitingRenewal.addLast(worker);
            worker.awaitsRenewal = true;
        } catch (OutOfMemoryError e) {
            // It asks again after its next task.
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
            overlaps += renewal == Renewal.OVERLAP ? 1 : 0;
            swaps += renewal == Renewal.SWAP ? 1 : 0;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            startAll(next);
        }
        return renewal;
    }

    void endRenewal(Renewal renewal) {
        if (renewal == Renewal.NOT_NOW || renewal == Renewal.BY_SUCCESSOR) {
            return;
        }
        Surely.lock(lock);
        try {
            overlaps -= renewal == Renewal.OVERLAP ? 1 : 0;
            swaps -= renewal == Renewal.SWAP ? 1 : 0;
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
            do {
                next = awaitingRenewal.pollFirst();
                if (next != null) {
                    next.awaitsRenewal = false;
                }
            } while (next != null && (next.retiring || !workers.contains(next)));
        } finally {
            lock.unlock();
        }
        if (next != null) {
            queue.wake(next);
        }
    }

    private Renewal renewal(ResourceHolder<R> holder) {
        boolean isRoom = isRoom();
        if (resources.isWorn(holder)) {
            return isRoom ? Renewal.OVERLAP : swaps + overlaps == 0 ? Renewal.SWAP : Renewal.NOT_NOW;
        }
        if (successor != null || swaps + overlaps > 0) {
            return Renewal.NOT_NOW;
        }
        return isRoom ? Renewal.BY_SUCCESSOR : Renewal.SWAP;
    }

    private boolean isRoom() {
        return workers.size() + overlaps + destroying < max;
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
            infos.add(info(worker, infos.size() >= baseWorkers));
        }
        return infos;
    }

    private WorkerInfo info(Worker<R> worker, boolean burst) {
        long now = timer.nanos();
        WorkerJournal journal = worker.journal;
        ResourceHolder<R> holder = worker.holder;
        long busyNanos = journal.busyNanos(now);
        boolean busy = busyNanos >= 0;
        FactoryCalls.UnderWay call = resources.calls().of(worker.thread, holder);
        State state =
                call != null ? stateIn(call.kind()) : holder == null ? State.STARTING : busy ? State.BUSY : State.IDLE;
        return new WorkerInfo(
                journal.id(),
                burst,
                state,
                busy ? Duration.ofNanos(busyNanos) : null,
                holder == null ? null : Duration.ofNanos(holder.ageNanos(now)),
                holder == null ? 0 : holder.uses(),
                holder == null ? 0 : holder.generation(),
                journal.lastOutcomes());
    }

    private static State stateIn(FactoryCalls.Kind kind) {
        return switch (kind) {
            case CREATION -> State.CREATING;
            case VALIDATION, HEALTH_CHECK, RETRY_POLICY -> State.VALIDATING;
            case RESET -> State.RESETTING;
            case DESTRUCTION -> State.DESTROYING;
        };
    }

    /** Strikes a worker off whose task will not end, and starts another in its place. */
    void abandon(Worker<R> worker, QueuedTask<?, ?> task) {
        if (!queue.abandon(worker, task)) {
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
        startAll(next);
        events.stuck(task.name());
    }

    /** Strikes a worker off for which the factory does not return, and starts another in its place. */
    void abandon(Worker<R> worker) {
        Worker<R> next;
        Surely.lock(lock);
        try {
            if (worker.abandoned || !workers.contains(worker)) {
                return;
            }
            next = strikeOff(worker);
        } finally {
            lock.unlock();
        }
        queue.putBack(worker);
        startAll(next);
    }

    private @Nullable Worker<R> strikeOff(Worker<R> worker) {
        worker.abandoned = true;
        lose(worker);
        stuck++;
        return replace(worker);
    }

    /**
     * A worker has ended, with no resource left; or the destruction of its last does not return. One that was needed is
     * replaced, unless that has been done. Does nothing the second time.
     */
    void exited(Worker<R> worker) {
        QueuedTask<?, ?> task = worker.stuckTask;
        if (task != null) {
            queue.returned(task);
        }
        Worker<R> next = null;
        Surely.lock(lock);
        try {
            if (worker.gone) {
                return;
            }
            worker.gone = true;
            if (worker.abandoned) {
                stuck--;
            } else {
                lose(worker);
                next = replace(worker);
            }
        } finally {
            lock.unlock();
        }
        startAll(next);
        letNextRenew(); // the turn may have been this worker's
    }

    /**
     * Takes a worker out of the pool, and claims a place for another if that is needed: at once, or a stop could see no worker
     * while there is still work. Under lock.
     */
    private @Nullable Worker<R> replace(Worker<R> worker) {
        remove(worker);
        if (!worker.retiring) {
            staying--;
        }
        if (successor != null && (worker == successor || worker == successor.predecessor)) {
            endSuccession(); // there is no place to take, or nobody to take it
        }
        gone.wakeAll();
        try {
            return claimPlace();
        } catch (OutOfMemoryError e) {
            respawns++;
            respawnLater();
            return null;
        }
    }

    /** Starts the workers that are missing. */
    private void fill() {
        startAll(null);
    }

    /** Starts this worker, if any, and all that are missing; where no thread can be had, tries again later. */
    private void startAll(@Nullable Worker<R> first) {
        Worker<R> worker = first;
        try {
            worker = worker == null ? claimPlace() : worker;
            while (worker != null) {
                startThread(worker);
                worker = null;
                worker = claimPlace();
            }
        } catch (Throwable e) {
            owe(worker);
            logger.errorf("no thread for a worker, will try again in %s: %s", RESPAWN_DELAY, Guard.describe(e), e);
        }
    }

    /** A retiring worker keeps its place until it has gone: its resource still counts against the maximum. */
    private @Nullable Worker<R> claimPlace() {
        Surely.lock(lock);
        try {
            if (workers.size() >= target + extra || !isRoom() || queue.isOver()) {
                return null;
            }
            return addWorker(null);
        } finally {
            lock.unlock();
        }
    }

    /** For a successor. Null if nothing needs one any more. */
    private @Nullable Worker<R> claimPlaceFor(Worker<R> predecessor) {
        if (queue.isOver()) {
            return null;
        }
        Worker<R> added = addWorker(predecessor);
        successor = added;
        extra = 1;
        return added;
    }

    private Worker<R> addWorker(@Nullable Worker<R> predecessor) {
        Worker<R> worker = new Worker<>(this, ++lastId, predecessor);
        workers.add(worker);
        staying++;
        return worker;
    }

    private void startThread(Worker<R> worker) {
        Thread thread = threads.newThread(worker);
        if (thread == null) {
            throw new IllegalStateException("threadFactory returned null for a worker's thread");
        }
        thread.start();
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
        remove(worker);
        staying--;
        if (worker == successor) {
            endSuccession();
        }
        gone.wakeAll();
    }

    /** A worker has no thread, so it is no worker yet, or there was no memory for one; one will be started in its place. */
    private void owe(@Nullable Worker<R> worker) {
        Surely.lock(lock);
        try {
            if (worker != null) {
                forget(worker);
            }
            respawns++;
        } finally {
            lock.unlock();
        }
        respawnLater();
    }

    private void respawnLater() {
        while (true) {
            try {
                timer.after(RESPAWN_DELAY, respawn);
                return;
            } catch (OutOfMemoryError e) {
                Surely.pause();
            }
        }
    }

    private void respawn() {
        // Claimed first: in between, a stop could see no worker and no respawn.
        Worker<R> worker = claimPlace();
        Surely.lock(lock);
        try {
            respawns--;
            gone.wakeAll();
        } finally {
            lock.unlock();
        }
        startAll(worker);
    }

    private List<Worker<R>> snapshot() {
        Surely.lock(lock);
        try {
            return List.copyOf(workers);
        } finally {
            lock.unlock();
        }
    }
}

package io.taskmanager.engine.worker;

import io.taskmanager.Logger;
import io.taskmanager.WorkerInfo;
import io.taskmanager.WorkerInfo.State;
import io.taskmanager.engine.execution.TaskRunner;
import io.taskmanager.engine.metrics.EventLog;
import io.taskmanager.engine.queue.QueuedTask;
import io.taskmanager.engine.queue.Seat;
import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.resource.ResourceHolder;
import io.taskmanager.engine.resource.Resources;
import io.taskmanager.engine.support.Guard;
import io.taskmanager.engine.support.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
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

    final TaskQueue queue;
    final TaskRunner<R> runner;
    final OutcomeHandler outcomes;
    final Resources<R> resources;
    final Logger logger;

    private final EventLog events;
    private final ThreadFactory threads;
    private final Timer timer;

    private final ReentrantLock lock = new ReentrantLock();
    /** Signalled when a worker has gone, and when nobody is to wait for that any more. */
    private final Condition gone = lock.newCondition();

    // Guarded by lock.
    private final Set<Worker<R>> workers = new HashSet<>();
    /** What was run by those that are no longer among them. */
    private Work workOfGone = new Work(0, 0);

    private int lastId;
    private int active;
    private int stuck;
    private int overlaps;
    private int swaps;
    /** Whether a worker with an old resource was told "not now" since the last renewal ended. */
    private boolean isRenewalWaiting;

    /** How many workers found no thread and will be tried again. While there are such, no worker does not mean no work. */
    private int respawns;

    private boolean abandoned;

    // Written at the start, then under the scaler's monitor; read by any.
    private volatile int target;
    private volatile int max;
    /** The workers that are not retiring. Written under lock; read without it, as a first look, between two tasks. */
    private volatile int staying;

    public WorkerPool(
            TaskQueue queue,
            TaskRunner<R> runner,
            OutcomeHandler outcomes,
            Resources<R> resources,
            Logger logger,
            EventLog events,
            ThreadFactory threads,
            Timer timer) {
        this.queue = queue;
        this.runner = runner;
        this.outcomes = outcomes;
        this.resources = resources;
        this.logger = logger;
        this.events = events;
        this.threads = threads;
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
                    disclaimPlace(worker, false);
                }
            }
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
        Seat seat = queue.lend(task);
        if (seat == null) {
            return false;
        }
        ownWorker(seat).runForCaller(task);
        return true;
    }

    /** The seats of the queue are this pool's workers. */
    @SuppressWarnings("unchecked")
    private Worker<R> ownWorker(Seat seat) {
        return (Worker<R>) seat;
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

    /** Interrupts creations under way, for a kill. The tasks under way are the queue's to cancel. */
    public void interruptCreations() {
        for (Worker<R> worker : snapshot()) {
            worker.interruptCreation();
        }
        lock.lock();
        try {
            gone.signalAll(); // nobody waits for a respawn any more
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every worker has gone, or {@link #abandon} was called. */
    public boolean awaitEmpty(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!abandoned && !(workers.isEmpty() && (respawns == 0 || queue.isOver()))) {
                if (left <= 0) {
                    return false;
                }
                left = gone.awaitNanos(left);
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
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether every worker has gone, the abandoned ones included. */
    public boolean isEmpty() {
        lock.lock();
        try {
            return workers.isEmpty() && stuck == 0;
        } finally {
            lock.unlock();
        }
    }

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(active, Math.max(0, staying - active));
        } finally {
            lock.unlock();
        }
    }

    /** What all workers have run since the start. */
    public Work work() {
        lock.lock();
        try {
            long attempts = workOfGone.attempts();
            long runNanos = workOfGone.runNanos();
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
            workOfGone = new Work(
                    workOfGone.attempts() + worker.journal.attempts(),
                    workOfGone.runNanos() + worker.journal.runNanos());
        }
    }

    long nanos() {
        return timer.nanos();
    }

    /** Whether this worker is one too many. One that was told so once is told so always. */
    boolean retires(Worker<R> worker) {
        if (staying <= target && !worker.retiring) {
            return false;
        }
        lock.lock();
        try {
            if (!worker.retiring && staying > target) {
                worker.retiring = true;
                staying--;
            }
            return worker.retiring;
        } finally {
            lock.unlock();
        }
    }

    void resourceGained() {
        addActive(1);
    }

    void resourceLost() {
        addActive(-1);
    }

    /** How an old resource can be replaced. */
    enum Renewal {
        /** Not for the time being; it serves on. */
        NOT_NOW,
        /** By one that is created before it goes. */
        OVERLAP,
        /** By one that is created after, since the maximum leaves no room; one worker at a time. */
        SWAP
    }

    /** Whether a resource is old, and a renewal could begin now. */
    boolean canRenew(ResourceHolder<R> holder) {
        if (!resources.isDueForRenewal(holder)) {
            return false;
        }
        lock.lock();
        try {
            boolean possible = renewal() != Renewal.NOT_NOW;
            isRenewalWaiting |= !possible;
            return possible;
        } finally {
            lock.unlock();
        }
    }

    Renewal beginRenewal() {
        lock.lock();
        try {
            Renewal renewal = renewal();
            overlaps += renewal == Renewal.OVERLAP ? 1 : 0;
            swaps += renewal == Renewal.SWAP ? 1 : 0;
            return renewal;
        } finally {
            lock.unlock();
        }
    }

    void endRenewal(Renewal renewal) {
        boolean othersWait;
        lock.lock();
        try {
            othersWait = isRenewalWaiting;
            isRenewalWaiting = false;
            overlaps -= renewal == Renewal.OVERLAP ? 1 : 0;
            swaps -= renewal == Renewal.SWAP ? 1 : 0;
        } finally {
            lock.unlock();
        }
        if (othersWait) {
            queue.wakeIdle();
        }
        fill();
    }

    private Renewal renewal() {
        if (workers.size() + overlaps < max) {
            return Renewal.OVERLAP;
        }
        return swaps + overlaps == 0 ? Renewal.SWAP : Renewal.NOT_NOW;
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
        State state = holder == null ? State.STARTING : busy ? State.BUSY : State.IDLE;
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

    /** Strikes a worker off whose task will not end, and starts another in its place. */
    void abandon(Worker<R> worker, QueuedTask<?, ?> task) {
        events.stuck(task.name());
        queue.abandon(task);
        Worker<R> successor;
        lock.lock();
        try {
            remove(worker);
            worker.abandoned = true;
            active--;
            stuck++;
            if (!worker.retiring) {
                staying--;
            }
            successor = claimPlace();
            gone.signalAll();
        } finally {
            lock.unlock();
        }
        startAll(successor);
    }

    /** The task of an abandoned worker has returned, and its resource is destroyed. */
    void returned(QueuedTask<?, ?> task) {
        queue.returned(task);
        lock.lock();
        try {
            stuck--;
        } finally {
            lock.unlock();
        }
    }

    /** A worker has ended, with no resource left. One that was needed is replaced. */
    void exited(Worker<R> worker) {
        Worker<R> successor;
        lock.lock();
        try {
            remove(worker);
            if (!worker.retiring) {
                staying--;
            }
            // At once, or a stop could see no worker while there is still work.
            successor = claimPlace();
            gone.signalAll();
        } finally {
            lock.unlock();
        }
        startAll(successor);
    }

    private void addActive(int change) {
        lock.lock();
        try {
            active += change;
        } finally {
            lock.unlock();
        }
    }

    /** Starts the workers that are missing. */
    private void fill() {
        startAll(claimPlace());
    }

    /** Starts this worker and all that are missing; where no thread can be had, tries again later. */
    private void startAll(@Nullable Worker<R> first) {
        Worker<R> worker = first;
        while (worker != null) {
            try {
                startThread(worker);
            } catch (Throwable e) {
                disclaimPlace(worker, true);
                logger.errorf("no thread for a worker, will try again in %s: %s", RESPAWN_DELAY, Guard.describe(e), e);
                timer.after(RESPAWN_DELAY, this::respawn);
                return;
            }
            worker = claimPlace();
        }
    }

    /** A retiring worker keeps its place until it has gone: its resource still counts against the maximum. */
    private @Nullable Worker<R> claimPlace() {
        lock.lock();
        try {
            if (workers.size() >= target || workers.size() + overlaps >= max || queue.isOver()) {
                return null;
            }
            Worker<R> worker = new Worker<>(this, ++lastId);
            workers.add(worker);
            staying++;
            return worker;
        } finally {
            lock.unlock();
        }
    }

    private void startThread(Worker<R> worker) {
        Thread thread = threads.newThread(worker);
        if (thread == null) {
            throw new IllegalStateException("threadFactory returned null for a worker's thread");
        }
        thread.start();
    }

    private void disclaimPlace(Worker<R> worker, boolean willRespawn) {
        lock.lock();
        try {
            remove(worker);
            staying--;
            if (willRespawn) {
                respawns++;
            }
            gone.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void respawn() {
        // Claimed first: in between, a stop could see no worker and no respawn.
        Worker<R> worker = claimPlace();
        lock.lock();
        try {
            respawns--;
            gone.signalAll();
        } finally {
            lock.unlock();
        }
        startAll(worker);
    }

    private List<Worker<R>> snapshot() {
        lock.lock();
        try {
            return List.copyOf(workers);
        } finally {
            lock.unlock();
        }
    }
}

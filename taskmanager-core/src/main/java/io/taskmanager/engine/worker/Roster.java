package io.taskmanager.engine.worker;

import io.taskmanager.engine.queue.TaskQueue;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.support.Waiters;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a {@link WorkerPool}: who there is, what each counts as, and how many of them and of their resources there may
 * be. Guarded by the pool's lock, which the caller holds, but where said.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
final class Roster<R> {

    private final WorkerPool<R> pool;
    private final TaskQueue queue;
    private final Timer timer;
    private final ReentrantLock lock;
    private final Waiters gone;

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

    /** Those that are abandoned, and have not ended. */
    private int stuck;

    /** How many workers found no thread and will be tried again. While there are such, no worker does not mean no work. */
    private int owed;

    /** The worker that is to take the place of one whose resource is old, until it has its own; one at a time. */
    private @Nullable Worker<R> successor;

    /** How many workers are creating another resource before they destroy their own. */
    private int overlaps;

    /** The resources that are destroyed on threads of their own; they count against the maximum. */
    private int destroying;

    /** Written under lock; read without it, as a first look, between two tasks. */
    private volatile int staying;

    /** As above. */
    private volatile int extra;

    // Written at the start, then under the scaler's monitor; read by any.
    private volatile int target;
    private volatile int max;

    /** @param gone woken when a worker has gone, or a destruction on a thread of its own */
    Roster(WorkerPool<R> pool, TaskQueue queue, Timer timer, ReentrantLock lock, Waiters gone) {
        this.pool = pool;
        this.queue = queue;
        this.timer = timer;
        this.lock = lock;
        this.gone = gone;
    }

    /**
     * Without the lock: by the start, and then under the scaler's monitor.
     *
     * @param maxCount the most resources, replacements under way included
     */
    void limit(int count, int maxCount) {
        max = maxCount;
        target = count;
    }

    /** How many workers there should be. Also without the lock. */
    int target() {
        return target;
    }

    // Who there is.

    /**
     * Adds a worker if one is missing; else null. Takes the lock. A retiring worker keeps its place until it has gone: its
     * resource still counts against the maximum.
     */
    @Nullable
    Worker<R> claimPlace() {
        Surely.lock(lock);
        try {
            if (workers.size() >= target + extra || !isRoom() || queue.isOver()) {
                return null;
            }
            return add(null);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a worker that is to take the place of another. Null if nothing needs one any more. */
    @Nullable
    Worker<R> claimPlaceFor(Worker<R> predecessor) {
        if (queue.isOver()) {
            return null;
        }
        Worker<R> added = add(predecessor);
        successor = added;
        extra = 1;
        return added;
    }

    private Worker<R> add(@Nullable Worker<R> predecessor) {
        Worker<R> worker = new Worker<>(pool, ++lastId, predecessor);
        boolean added = false;
        try {
            added = workers.add(worker);
        } finally {
            if (!added) {
                workers.remove(worker); // a set that finds no memory to grow has taken it before
            }
        }
        staying++;
        return worker;
    }

    void remove(Worker<R> worker) {
        if (workers.remove(worker)) {
            attemptsOfGone += worker.journal.attempts();
            runNanosOfGone += worker.journal.runNanos();
        }
        if (!worker.retiring) {
            staying--;
        }
        if (successor != null && (worker == successor || worker == successor.predecessor)) {
            endSuccession(); // there is no place to take, or nobody to take it
        }
        gone.wakeAll();
    }

    private void endSuccession() {
        successor = null;
        extra = 0;
    }

    boolean has(Worker<R> worker) {
        return workers.contains(worker);
    }

    boolean isStaying(Worker<R> worker) {
        return !worker.retiring && workers.contains(worker);
    }

    boolean hasSuccessor() {
        return successor != null;
    }

    List<Worker<R>> all() {
        return List.copyOf(workers);
    }

    // What each counts as.

    void retire(Worker<R> worker) {
        worker.retiring = true;
        staying--;
        ready -= worker.active ? 1 : 0;
    }

    /**
     * A worker has its first resource, or another after it had none. A successor takes the place of its predecessor.
     *
     * @return that predecessor, if any
     */
    @Nullable
    Worker<R> gain(Worker<R> worker) {
        worker.active = true;
        active++;
        ready += worker.retiring ? 0 : 1;
        if (worker != successor) {
            return null;
        }
        Worker<R> replaced = worker.predecessor;
        endSuccession();
        if (replaced != null && isStaying(replaced)) {
            retire(replaced);
            lose(replaced); // as good as gone, though its resource is destroyed after its task
        }
        return replaced;
    }

    void lose(Worker<R> worker) {
        if (worker.active) {
            worker.active = false;
            active--;
            if (active == 0) {
                inactiveSinceNanos = timer.nanos();
            }
            ready -= worker.retiring ? 0 : 1;
        }
    }

    /** It will not end, and is not counted on any more. */
    void abandon(Worker<R> worker) {
        worker.abandoned = true;
        lose(worker);
        stuck++;
    }

    /** One that was abandoned has ended after all. */
    void returned() {
        stuck--;
    }

    /** A worker has found no thread, or no memory, and will be tried again. */
    void owe() {
        owed++;
    }

    /** One that was owed has its place, or is not needed any more. */
    void paid() {
        owed--;
        gone.wakeAll();
    }

    // Resources beyond one for each worker.

    /** Whether the maximum leaves room for another resource. */
    boolean isRoom() {
        return workers.size() + overlaps + destroying < max;
    }

    int overlaps() {
        return overlaps;
    }

    void beginOverlap() {
        overlaps++;
    }

    void endOverlap() {
        overlaps--;
    }

    void beginDestruction() {
        destroying++;
    }

    void endDestruction() {
        destroying--;
        gone.wakeAll();
    }

    // The counts.

    /** How many workers there are too many. Also without the lock. */
    int surplus() {
        return staying - extra - target;
    }

    /** Those without a resource first: others may be all that works, while none can be created. */
    boolean isToRetire(Worker<R> worker) {
        return worker.holder == null || staying - ready < surplus();
    }

    /** Whether no worker is left, nor the destruction of a resource, and none is owed that is still needed. */
    boolean isVacant() {
        return workers.isEmpty() && destroying == 0 && (owed == 0 || queue.isOver());
    }

    /** Whether every worker has gone, the abandoned ones included. */
    boolean isEmpty() {
        return workers.isEmpty() && destroying == 0 && stuck == 0;
    }

    WorkerPool.Counts counts() {
        return new WorkerPool.Counts(active, Math.max(0, staying - extra - ready));
    }

    WorkerPool.Work work() {
        long attempts = attemptsOfGone;
        long runNanos = runNanosOfGone;
        for (Worker<R> worker : workers) {
            attempts += worker.journal.attempts();
            runNanos += worker.journal.runNanos();
        }
        return new WorkerPool.Work(attempts, runNanos);
    }

    void beginInactive() {
        inactiveSinceNanos = timer.nanos();
    }

    /** How long none has had a resource; zero while one has, or while there are none. */
    Duration withoutResource() {
        boolean none = active == 0 && !workers.isEmpty();
        return none ? Duration.ofNanos(timer.nanos() - inactiveSinceNanos) : Duration.ZERO;
    }
}

package io.taskmanager.engine.worker;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The workers of a {@link WorkerPool} and their counts. Guarded by the pool's lock, but where said. */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
final class Roster<R> {

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

    /** Those that were struck off, and have not come back. */
    private int stuck;

    /** Written under lock; read without it, as a first look, between two tasks. */
    private volatile int staying;

    int size() {
        return workers.size();
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** How many have not come back that were struck off. */
    int stuck() {
        return stuck;
    }

    /** The workers that are not retiring. Also without the lock. */
    int staying() {
        return staying;
    }

    int ready() {
        return ready;
    }

    /** The workers that own a resource, those that retire included. */
    int active() {
        return active;
    }

    boolean isStaying(Worker<R> worker) {
        return !worker.retiring && workers.contains(worker);
    }

    boolean has(Worker<R> worker) {
        return workers.contains(worker);
    }

    List<Worker<R>> all() {
        return List.copyOf(workers);
    }

    Worker<R> add(WorkerPool<R> pool, @Nullable Worker<R> predecessor) {
        Worker<R> worker = new Worker<>(pool, ++lastId, predecessor);
        workers.add(worker);
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
    }

    void retire(Worker<R> worker) {
        worker.retiring = true;
        staying--;
        ready -= worker.active ? 1 : 0;
    }

    void gain(Worker<R> worker) {
        worker.active = true;
        active++;
        ready += worker.retiring ? 0 : 1;
    }

    void lose(Worker<R> worker, long nowNanos) {
        if (worker.active) {
            worker.active = false;
            active--;
            if (active == 0) {
                inactiveSinceNanos = nowNanos;
            }
            ready -= worker.retiring ? 0 : 1;
        }
    }

    /** It will not end, and is not counted on any more. */
    void strikeOff(Worker<R> worker, long nowNanos) {
        worker.abandoned = true;
        lose(worker, nowNanos);
        stuck++;
    }

    /** One that was struck off has ended after all. */
    void cameBack() {
        stuck--;
    }

    void beginInactive(long nowNanos) {
        inactiveSinceNanos = nowNanos;
    }

    /** How long none has had a resource; zero while one has, or while there are none. */
    Duration withoutResource(long nowNanos) {
        boolean none = active == 0 && !workers.isEmpty();
        return none ? Duration.ofNanos(nowNanos - inactiveSinceNanos) : Duration.ZERO;
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
}

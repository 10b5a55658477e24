package io.taskmanager.engine.resource;

import io.taskmanager.Backoff;
import io.taskmanager.engine.support.Surely;
import io.taskmanager.engine.support.Timer;
import io.taskmanager.engine.support.Waiters;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets creations through: any number at a time while they succeed; after a failure one at a time, the canary, each after
 * a back-off, until one succeeds. So a broken factory is not stormed.
 *
 * <pre>
 * OPEN     (failures = 0)                     -> COOLING   a creation failed, or a third new resource in a row broke at once
 * COOLING  (failures > 0, cooling)            -> PROBING   the back-off is over, or probe()
 * PROBING  (failures > 0, neither)            -> COOLING   the canary failed, or its resource broke at once
 * REFUSED  (failures > 0, refused)            -> PROBING   probe()
 * any                                         -> REFUSED   a creation failed in a way that no other try can cure
 * any                                         -> OPEN      a creation succeeded, the canary or one begun before the outage
 * </pre>
 *
 * <p>The awkward case: once three new resources in a row broke in their first task, a creation that succeeds proves
 * nothing. Then it lets the next canary go, and the gate opens when a resource has served its first task.
 *
 * <p>Whoever holds the right to create must be able to release it: so a full heap makes a lock late, and fails none.
 *
 * <p>A creation begun before the outage holds up no canary, and its failure changes nothing: only the canary's does.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // every update is made under the lock
final class CreationGate {

    /** How many new resources in a row may break in their first task. */
    static final int MAX_BROKEN_AT_ONCE = 3;

    private final Backoff backoff;
    private final Timer timer;
    private final ReentrantLock lock = new ReentrantLock();
    /** Woken when a creation ends, a back-off is over, or the waiters must ask again whether to give up. */
    private final Waiters changed = new Waiters(lock);

    // Guarded by lock.
    private int failures;
    /** When the first of them came. */
    private long sinceNanos;

    private int underWay;
    private int waiting;
    private boolean cooling;
    private boolean refused;
    private long coolUntilNanos;
    private long coolings;
    private @Nullable Ticket canary;

    /** The new resources in a row that broke in their first task. Written under lock; read without it, as a first look. */
    private volatile int brokenAtOnce;

    CreationGate(Backoff backoff, Timer timer) {
        this.backoff = backoff;
        this.timer = timer;
    }

    /** The right to create, of one creation. It ends once; what is told of it after that changes nothing. */
    static final class Ticket {
        /** Guarded by the gate's lock. */
        private boolean valid;
    }

    /**
     * What a failure has brought about.
     *
     * @param isFirst whether it began an outage
     * @param pause until the next attempt; zero if this failure has set none
     * @param isRefused whether there will be no next attempt before {@link #probe}
     */
    record Failure(boolean isFirst, Duration pause, boolean isRefused) {}

    /**
     * How things stand.
     *
     * @param failures how many failures in a row have lengthened the back-off; 0 while the gate is open
     * @param isRefused whether there will be no next attempt before {@link #probe}
     * @param pause until the next attempt; zero if that can be made now, or is under way
     * @param sinceNanos when the first of them came
     */
    record Outlook(int failures, boolean isRefused, Duration pause, long sinceNanos) {}

    /**
     * Waits for the right to create, at most {@code nanos}. Whoever gets it calls {@link #succeeded}, {@link #failed} or
     * {@link #leave} after.
     *
     * @param ticket a new one
     * @param giveUp asked whenever something changed, with this gate locked; must take no lock that is held around a
     *     call of this class
     */
    boolean enter(Ticket ticket, BooleanSupplier giveUp, long nanos) throws InterruptedException {
        Surely.lock(lock);
        try {
            long left = nanos;
            while (!giveUp.getAsBoolean()) {
                if (admits()) {
                    letIn(ticket);
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                waiting++;
                try {
                    left = changed.await(left);
                } finally {
                    waiting--;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean admits() {
        return failures == 0 || (canary == null && !cooling && !refused);
    }

    private void letIn(Ticket ticket) {
        ticket.valid = true;
        underWay++;
        if (failures > 0) {
            canary = ticket;
        }
    }

    /** Ends a creation that succeeded. Says whether an outage is over with it. */
    boolean succeeded(Ticket ticket) {
        Surely.lock(lock);
        try {
            return end(ticket) && brokenAtOnce < MAX_BROKEN_AT_ONCE && open();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a creation that failed.
     *
     * @param curable whether another try can be of use
     */
    Failure failed(Ticket ticket, boolean curable) {
        Surely.lock(lock);
        try {
            boolean first = failures == 0;
            boolean counts = first || ticket == canary;
            Duration pause = Duration.ZERO;
            if (end(ticket)) {
                if (!curable) {
                    refuse();
                } else if (counts) {
                    pause = coolDown();
                }
            }
            return new Failure(first && failures > 0, pause, refused);
        } finally {
            lock.unlock();
        }
    }

    /** Ends a creation, if it has not ended yet, of which nobody knows whether it would have succeeded. */
    void leave(Ticket ticket) {
        Surely.lock(lock);
        try {
            end(ticket);
        } finally {
            lock.unlock();
        }
    }

    /** A new resource broke in its first task. Says what comes of it: null if nothing does. */
    @Nullable
    Failure brokeInFirstTask() {
        Surely.lock(lock);
        try {
            brokenAtOnce++;
            if (brokenAtOnce < MAX_BROKEN_AT_ONCE || cooling || refused) {
                return null;
            }
            return new Failure(failures == 0, coolDown(), false);
        } finally {
            lock.unlock();
        }
    }

    /** A new resource came out of its first task healthy. Says whether an outage is over with it. Cheap when all is well. */
    boolean servedFirstTask() {
        if (brokenAtOnce == 0) {
            return false;
        }
        Surely.lock(lock);
        try {
            boolean proves = brokenAtOnce >= MAX_BROKEN_AT_ONCE;
            brokenAtOnce = 0;
            return proves && open();
        } finally {
            lock.unlock();
        }
    }

    /** Lets a creation go at once: whoever comes next, or waits. One that hangs is no longer the canary. */
    void probe() {
        Surely.lock(lock);
        try {
            cooling = false;
            refused = false;
            canary = null;
            changed.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the waiters so that they re-check whether to give up. */
    void wake() {
        Surely.lock(lock);
        try {
            changed.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a creation would be let through now, without a wait. */
    boolean admitsNow() {
        Surely.lock(lock);
        try {
            return admits();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether creations fail: the last one did, and the next is held back, waited for or under way. When the back-off is
     * over and nobody wants a resource, nobody can tell; whoever asks for one next finds out.
     */
    boolean isOutage() {
        Surely.lock(lock);
        try {
            return failures > 0 && (cooling || refused || waiting > 0 || underWay > 0);
        } finally {
            lock.unlock();
        }
    }

    Outlook outlook() {
        Surely.lock(lock);
        try {
            long left = cooling ? Math.max(0, coolUntilNanos - timer.nanos()) : 0;
            return new Outlook(failures, refused, Duration.ofNanos(left), sinceNanos);
        } finally {
            lock.unlock();
        }
    }

    /** False if it had ended before. */
    private boolean end(Ticket ticket) {
        if (!ticket.valid) {
            return false;
        }
        ticket.valid = false;
        underWay--;
        if (canary == ticket) {
            canary = null;
        }
        changed.wakeAll();
        return true;
    }

    /** Says whether it was not open. */
    private boolean open() {
        boolean outage = failures > 0;
        failures = 0;
        cooling = false;
        refused = false;
        canary = null; // it is one of many now
        changed.wakeAll();
        return outage;
    }

    private void countFailure() {
        if (failures++ == 0) {
            sinceNanos = timer.nanos();
        }
    }

    private void refuse() {
        countFailure();
        cooling = false;
        refused = true;
    }

    private Duration coolDown() {
        if (cooling || refused) {
            return Duration.ZERO; // they fail together, and count as one failure
        }
        countFailure();
        Duration pause = backoff.delay(failures, ThreadLocalRandom.current().nextDouble());
        if (pause.isZero()) {
            return pause;
        }
        coolUntilNanos = timer.nanos() + pause.toNanos();
        long number = ++coolings;
        timer.after(pause, () -> cooledDown(number));
        cooling = true; // last: a timer that could not be set would leave it so for ever
        return pause;
    }

    /** Of a back-off that a success or a probe has cut short, the end may come while a later one lasts. */
    private void cooledDown(long number) {
        Surely.lock(lock);
        try {
            if (cooling && number == coolings) {
                cooling = false;
                changed.wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }
}

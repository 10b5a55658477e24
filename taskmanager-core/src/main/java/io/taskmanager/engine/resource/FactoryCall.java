package io.taskmanager.engine.resource;

import io.taskmanager.engine.resource.FactoryCalls.Kind;
import io.taskmanager.engine.support.InterruptHook;
import io.taskmanager.engine.support.Timer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One call of the user's factory, made on the thread that asks for it and watched by the timer: user code that hangs holds
 * up its thread, and nobody else.
 *
 * <pre>
 * RUNNING     -> INTERRUPTED   its time is over (then onTimeout runs), or the manager is killed
 * INTERRUPTED -> ABANDONED     it has ignored that for the grace (then onAbandoned runs)
 * any         -> ENDED         it has returned
 * </pre>
 *
 * <p>The timer and the thread of the call race: without care, the timer finds the call under way, the call returns, and the
 * interrupt reaches what that thread does next; or the thread goes on with a place that is given away while it returns. So
 * the timer, and a kill, act under this object's monitor and only before the end, which takes it, too.
 */
final class FactoryCall {

    private final FactoryCalls calls;
    private final Kind kind;
    private final @Nullable ResourceHolder<?> holder;
    private final Runnable onTimeout;
    private final Runnable onAbandoned;
    private final Thread thread = Thread.currentThread();
    private final long sinceNanos;

    // Guarded by this object's monitor; read without it by the call's thread, once the call has ended.
    private Timer.@Nullable Cancellable watch;
    private boolean timedOut;
    private boolean killed;
    private boolean interrupted;
    private boolean ended;

    /** Written under the monitor, once; read by whoever looks for calls under way. */
    private volatile boolean abandoned;

    /**
     * @param onTimeout run on the timer's thread when the call has taken too long, before it can return
     * @param onAbandoned run on the timer's thread when it has ignored its interrupt for too long, before it can return
     */
    FactoryCall(
            FactoryCalls calls,
            Kind kind,
            @Nullable ResourceHolder<?> holder,
            Runnable onTimeout,
            Runnable onAbandoned) {
        this.calls = calls;
        this.kind = kind;
        this.holder = holder;
        this.onTimeout = onTimeout;
        this.onAbandoned = onAbandoned;
        this.sinceNanos = calls.nanos();
    }

    /**
     * Makes the call. When this returns or throws, no interrupt of ours is left on the thread and none comes after it.
     *
     * @throws InterruptedException also instead of a creation that a kill came before
     */
    <T extends @Nullable Object> T run(Callable<T> code) throws Exception {
        try {
            begin();
            return code.call();
        } finally {
            end();
        }
    }

    /** Needs more memory and more stack than {@link #end}: where this could be done, that can. */
    private void begin() throws InterruptedException {
        try {
            calls.add(this);
            startWatch();
        } catch (OutOfMemoryError e) {
            // No memory, or no thread for the timer. Unwatched is better than not at all: a resource must be destroyed.
        }
        // A kill that has not found this call has written this before.
        if (kind == Kind.CREATION && calls.isKilled()) {
            cameTooLate();
            throw new InterruptedException("the manager was killed");
        }
    }

    private synchronized void startWatch() {
        watch = calls.afterTimeout(kind, this::timeOut);
    }

    private synchronized void cameTooLate() {
        killed = true;
    }

    private synchronized void timeOut() {
        if (!ended && !killed) {
            timedOut = true;
            try {
                interrupt();
            } finally {
                onTimeout.run();
            }
        }
    }

    /** Called by a kill. */
    synchronized void kill() {
        if (!ended) {
            killed = true;
            interrupt();
        }
    }

    /** Again, where the first was swallowed; but the grace is of the first. */
    private void interrupt() {
        InterruptHook.interruptUnheard(thread); // a task that has called into this one is not meant
        if (!interrupted) {
            interrupted = true;
            cancelWatch();
            watch = calls.afterGrace(this::abandon);
        }
    }

    private synchronized void abandon() {
        if (!ended) {
            abandoned = true;
            try {
                calls.tellAbandoned(this, thread);
            } finally {
                onAbandoned.run();
            }
        }
    }

    private synchronized void end() {
        ended = true;
        calls.remove(this);
        cancelWatch();
        if (interrupted) {
            Thread.interrupted(); // ours; one that somebody else sent meanwhile can't be told from it
        }
    }

    private void cancelWatch() {
        if (watch != null) {
            watch.cancel();
        }
    }

    Kind kind() {
        return kind;
    }

    @Nullable
    ResourceHolder<?> holder() {
        return holder;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    boolean runsOn(@Nullable Thread candidate) {
        return thread == candidate;
    }

    /**
     * Whether nobody waits for what it has come to: it took too long, or a kill has given it up. What it was about may have
     * another owner by then. By its thread, once it has ended.
     */
    boolean isLate() {
        return timedOut || abandoned;
    }

    /** Whether it took too long. By its thread, once it has ended. */
    boolean isTimedOut() {
        return timedOut;
    }

    /** Whether a kill interrupted it. By its thread, once it has ended. */
    boolean isKilled() {
        return killed;
    }

    /** Whether it ignored its interrupt for too long, and nobody counts on it any more. */
    boolean isAbandoned() {
        return abandoned;
    }
}

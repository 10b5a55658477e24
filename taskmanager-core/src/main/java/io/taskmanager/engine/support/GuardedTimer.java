package io.taskmanager.engine.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps what actions throw from the timer, which would drop them: it is logged. One that finds no memory is run again until it
 * does, since a task may wait for it that nobody else would end; one that runs every so often has its next turn anyway.
 */
public final class GuardedTimer implements Timer {

    private static final Duration RETRY = Duration.ofMillis(100);

    private final Timer delegate;
    private final Guard guard;

    public GuardedTimer(Timer delegate, Guard guard) {
        this.delegate = delegate;
        this.guard = guard;
    }

    @Override
    public void start() {
        delegate.start();
    }

    @Override
    public long nanos() {
        return delegate.nanos();
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        Once once = new Once(action);
        once.first = delegate.after(delay, once);
        return once;
    }

    @Override
    public Cancellable every(Duration delay, Runnable action) {
        Guard.Action guarded = action::run;
        return delegate.every(delay, () -> guard.run("an action of the timer", guarded));
    }

    @Override
    public void close() {
        delegate.close();
    }

    private final class Once implements Runnable, Cancellable {

        private final Runnable action;
        /** Takes it from the timer while it waits for its first run; for whoever cancels. */
        private Cancellable first = () -> {};

        private volatile boolean cancelled;
        /** For the timer's thread. */
        private boolean reported;

        Once(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            if (cancelled) {
                return;
            }
            try {
                action.run();
            } catch (OutOfMemoryError e) {
                report(e);
                runLater();
            } catch (Throwable e) {
                report(e);
            }
        }

        private void report(Throwable e) {
            if (!reported) {
                reported = true;
                guard.report("an action of the timer", e);
            }
        }

        private void runLater() {
            boolean waits = false;
            while (!waits) {
                try {
                    Cancellable unused = delegate.after(RETRY, this);
                    waits = true;
                } catch (OutOfMemoryError e) {
                    LockSupport.parkNanos(RETRY.toNanos()); // the other actions would find no memory either
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            try {
                first.cancel();
            } catch (OutOfMemoryError e) {
                // Up to JDK 20 its lock needs memory. So it stays with the timer, and does nothing when its time comes.
            }
        }
    }
}

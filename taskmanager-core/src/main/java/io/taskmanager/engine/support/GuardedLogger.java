package io.taskmanager.engine.support;

import io.taskmanager.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps what a user's logger throws from the engine, and says it to the JDK's logger instead; throws nothing itself. */
public final class GuardedLogger implements Logger {

    private static final System.Logger FALLBACK = System.getLogger("io.taskmanager");

    private final Logger delegate;

    public GuardedLogger(Logger delegate) {
        this.delegate = delegate;
    }

    @Override
    public void debugf(String format, @Nullable Object... args) {
        try {
            delegate.debugf(format, args);
        } catch (Throwable e) {
            report(e);
        }
    }

    @Override
    public void infof(String format, @Nullable Object... args) {
        try {
            delegate.infof(format, args);
        } catch (Throwable e) {
            report(e);
        }
    }

    @Override
    public void warnf(String format, @Nullable Object... args) {
        try {
            delegate.warnf(format, args);
        } catch (Throwable e) {
            report(e);
        }
    }

    @Override
    public void errorf(String format, @Nullable Object... args) {
        try {
            delegate.errorf(format, args);
        } catch (Throwable e) {
            report(e);
        }
    }

    @Override
    public boolean isDebugEnabled() {
        try {
            return delegate.isDebugEnabled();
        } catch (Throwable e) {
            report(e);
            return false;
        }
    }

    private static void report(Throwable e) {
        try {
            FALLBACK.log(System.Logger.Level.ERROR, "the manager's logger threw", e);
        } catch (Throwable unsaid) {
            // No memory or no stack even for that, say: there is nothing more that could be done.
        }
    }
}

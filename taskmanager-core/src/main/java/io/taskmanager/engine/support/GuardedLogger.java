package io.taskmanager.engine.support;

import io.taskmanager.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps what a user's logger throws from the engine, and says it to the JDK's logger instead. */
public final class GuardedLogger implements Logger {

    private static final System.Logger FALLBACK = System.getLogger("io.taskmanager");

    private final Logger delegate;

    public GuardedLogger(Logger delegate) {
        this.delegate = delegate;
    }

    @Override
    public void debugf(String format, @Nullable Object... args) {
        guarded(() -> delegate.debugf(format, args));
    }

    @Override
    public void infof(String format, @Nullable Object... args) {
        guarded(() -> delegate.infof(format, args));
    }

    @Override
    public void warnf(String format, @Nullable Object... args) {
        guarded(() -> delegate.warnf(format, args));
    }

    @Override
    public void errorf(String format, @Nullable Object... args) {
        guarded(() -> delegate.errorf(format, args));
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

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            report(e);
        }
    }

    private static void report(Throwable e) {
        FALLBACK.log(System.Logger.Level.ERROR, "the manager's logger threw", e);
    }
}

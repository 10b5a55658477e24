package io.taskmanager.engine.support;

import io.taskmanager.Logger;
import java.util.Formatter;
import java.util.IllegalFormatException;
import org.jspecify.annotations.Nullable;

/** Logs to the JDK's {@link System.Logger}; formats nothing when the level is off. */
public final class SystemLogger implements Logger {

    private final System.Logger target;

    public SystemLogger(String name) {
        this.target = System.getLogger(name);
    }

    @Override
    public void debugf(String format, @Nullable Object... args) {
        log(System.Logger.Level.DEBUG, format, args);
    }

    @Override
    public void infof(String format, @Nullable Object... args) {
        log(System.Logger.Level.INFO, format, args);
    }

    @Override
    public void warnf(String format, @Nullable Object... args) {
        log(System.Logger.Level.WARNING, format, args);
    }

    @Override
    public void errorf(String format, @Nullable Object... args) {
        log(System.Logger.Level.ERROR, format, args);
    }

    @Override
    public boolean isDebugEnabled() {
        return target.isLoggable(System.Logger.Level.DEBUG);
    }

    private void log(System.Logger.Level level, String format, @Nullable Object[] args) {
        if (target.isLoggable(level)) {
            Object last = args.length == 0 ? null : args[args.length - 1];
            target.log(level, format(format, args), last instanceof Throwable cause ? cause : null);
        }
    }

    private static String format(String format, @Nullable Object[] args) {
        try (Formatter formatter = new Formatter()) {
            return formatter.format(format, args).toString();
        } catch (IllegalFormatException e) {
            return format + " (bad format: " + e.getMessage() + ")";
        }
    }
}

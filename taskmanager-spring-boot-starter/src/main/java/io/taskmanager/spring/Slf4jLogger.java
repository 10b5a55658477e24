package io.taskmanager.spring;

import io.taskmanager.Logger;
import java.util.Arrays;
import java.util.Formatter;
import java.util.MissingFormatArgumentException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Hands a manager's log to SLF4J. Nothing is formatted while its level is off. */
public final class Slf4jLogger implements Logger {

    private final org.slf4j.Logger log;

    public Slf4jLogger(org.slf4j.Logger log) {
        this.log = log;
    }

    /** The logger {@code io.taskmanager.<managerName>}. */
    public static Slf4jLogger forManager(String managerName) {
        return new Slf4jLogger(LoggerFactory.getLogger("io.taskmanager." + managerName));
    }

    @Override
    public void debugf(String format, @Nullable Object... args) {
        if (log.isDebugEnabled()) {
            write(log::debug, format, args);
        }
    }

    @Override
    public void infof(String format, @Nullable Object... args) {
        if (log.isInfoEnabled()) {
            write(log::info, format, args);
        }
    }

    @Override
    public void warnf(String format, @Nullable Object... args) {
        if (log.isWarnEnabled()) {
            write(log::warn, format, args);
        }
    }

    @Override
    public void errorf(String format, @Nullable Object... args) {
        if (log.isErrorEnabled()) {
            write(log::error, format, args);
        }
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isDebugEnabled();
    }

    @SuppressWarnings("AnnotateFormatMethod") // The callers have their formats from the engine.
    private static void write(BiConsumer<String, @Nullable Throwable> level, String format, @Nullable Object... args) {
        level.accept(String.format(format, args), cause(format, args));
    }

    /** The last argument, if it is a throwable that the format doesn't print itself. */
    private static @Nullable Throwable cause(String format, @Nullable Object... args) {
        if (args.length == 0 || !(args[args.length - 1] instanceof Throwable last)) {
            return null;
        }
        return isPrinted(format, args) ? null : last;
    }

    private static boolean isPrinted(String format, @Nullable Object... args) {
        try (Formatter withoutLast = new Formatter()) {
            withoutLast.format(format, Arrays.copyOf(args, args.length - 1));
            return false;
        } catch (MissingFormatArgumentException e) {
            return true;
        }
    }
}

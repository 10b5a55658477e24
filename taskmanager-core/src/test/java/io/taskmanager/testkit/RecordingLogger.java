package io.taskmanager.testkit;

import io.taskmanager.Logger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what is logged, formatted as {@link java.util.Formatter} does; a bad format fails the test through {@link #errors}. */
public final class RecordingLogger implements Logger {

    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** One line; the cause is null if there was none. */
    public record Line(Level level, String text, Throwable cause) {}

    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();
    private final boolean debug;

    public RecordingLogger(boolean debug) {
        this.debug = debug;
    }

    @Override
    public void debugf(String format, Object... args) {
        log(Level.DEBUG, format, args);
    }

    @Override
    public void infof(String format, Object... args) {
        log(Level.INFO, format, args);
    }

    @Override
    public void warnf(String format, Object... args) {
        log(Level.WARN, format, args);
    }

    @Override
    public void errorf(String format, Object... args) {
        log(Level.ERROR, format, args);
    }

    @Override
    public boolean isDebugEnabled() {
        return debug;
    }

    @SuppressWarnings("AnnotateFormatMethod") // The interface leaves the check to run time.
    private void log(Level level, String format, Object... args) {
        Throwable cause = args.length > 0 && args[args.length - 1] instanceof Throwable last ? last : null;
        try {
            lines.add(new Line(level, String.format(format, args), cause));
        } catch (RuntimeException e) {
            errors.add(e);
        }
    }

    public List<Line> lines() {
        return lines;
    }

    public List<Line> lines(Level level) {
        return lines.stream().filter(line -> line.level() == level).toList();
    }

    /** Whether something was logged, at any level, with this cause at hand: itself or further down. */
    public boolean hasCause(Throwable cause) {
        return lines.stream().anyMatch(line -> isCausedBy(line.cause(), cause));
    }

    private static boolean isCausedBy(Throwable error, Throwable cause) {
        return error != null && (error == cause || isCausedBy(error.getCause(), cause));
    }

    /** Calls that could not be formatted. */
    public List<Throwable> errors() {
        return errors;
    }
}

package io.taskmanager.testkit;

import io.taskmanager.Logger;
import io.taskmanager.testkit.RecordingLogger.Level;
import io.taskmanager.testkit.RecordingLogger.Line;
import java.util.List;

/**
 * Throws an {@link OutOfMemoryError} once when told to, where the engine asks it outside of any guard: as any call of the
 * engine may, where there is no memory.
 */
public final class BrittleLogger implements Logger {

    private final RecordingLogger recorded = new RecordingLogger(true);

    /** Whether the next look whether it logs debug lines throws. */
    public volatile boolean broken;

    public List<Line> lines(Level level) {
        return recorded.lines(level);
    }

    @Override
    public void debugf(String format, Object... args) {
        recorded.debugf(format, args);
    }

    @Override
    public void infof(String format, Object... args) {
        recorded.infof(format, args);
    }

    @Override
    public void warnf(String format, Object... args) {
        recorded.warnf(format, args);
    }

    @Override
    public void errorf(String format, Object... args) {
        recorded.errorf(format, args);
    }

    @Override
    public boolean isDebugEnabled() {
        if (broken) {
            broken = false;
            throw new OutOfMemoryError("once");
        }
        return true;
    }
}

package io.taskmanager.model;

import io.taskmanager.Logger;

/** Throws now and then, in place of logging; a message that can't be formatted is a breach. */
final class ModelLogger implements Logger {

    private final World world;
    private final boolean debug;

    ModelLogger(World world, boolean debug) {
        this.world = world;
        this.debug = debug;
    }

    @Override
    public void debugf(String format, Object... args) {
        log(format, args);
    }

    @Override
    public void infof(String format, Object... args) {
        log(format, args);
    }

    @Override
    public void warnf(String format, Object... args) {
        log(format, args);
    }

    @Override
    public void errorf(String format, Object... args) {
        log(format, args);
    }

    @Override
    public boolean isDebugEnabled() {
        world.maybeThrow("isDebugEnabled");
        return debug;
    }

    private void log(String format, Object... args) {
        try {
            String unused = String.format(format, args);
        } catch (RuntimeException e) {
            world.breach("can't be formatted: " + format, e);
        }
        boolean isEngineFailure = format.startsWith("a worker failed") || format.contains("the worker of task");
        if (isEngineFailure && !world.unlucky) {
            world.breach("the engine failed: " + String.format(format, args));
        }
        world.maybeThrow("the logger");
    }
}

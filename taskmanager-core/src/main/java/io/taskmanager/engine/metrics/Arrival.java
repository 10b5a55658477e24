package io.taskmanager.engine.metrics;

import org.jspecify.annotations.Nullable;

/** A task that was accepted, linked to those before it that are to be counted with it. */
public interface Arrival {

    /** When it was accepted. */
    long queuedNanos();

    /** The one before it; null if that was counted already. */
    @Nullable
    Arrival earlier();
}

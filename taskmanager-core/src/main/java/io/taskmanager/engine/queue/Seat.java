package io.taskmanager.engine.queue;

import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A worker's place at the queue. Guarded by the queue's lock. */
public abstract class Seat {

    /** Whether the worker waits here, in the queue's list of idle ones. */
    boolean idle;

    /** Signalled when it is taken from that list: there may be a task, or another thing to do. */
    @Nullable
    Condition called;
}

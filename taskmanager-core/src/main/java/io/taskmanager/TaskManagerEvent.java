package io.taskmanager;

import java.time.Instant;

/**
 * Something that happened in a manager.
 *
 * @param at when, on the wall clock
 * @param type what
 * @param detail the numbers, for a person to read; never what a task carries
 */
public record TaskManagerEvent(Instant at, Type type, String detail) {

    /** What happened. */
    public enum Type {
        /** The manager moved to another {@link TaskManagerState}. */
        STATE_CHANGED,
        /** The number of workers wanted changed. */
        SCALED,
        /** {@link TaskManagerControl#pause()}. */
        PAUSED,
        /** {@link TaskManagerControl#resume()}. */
        RESUMED,
        /** {@link TaskManagerControl#resize}. */
        RESIZED,
        /** {@link TaskManagerControl#recycle()}. */
        RECYCLED,
        /** A task will run again. */
        TASK_RETRIED,
        /** A task ignored its interrupt for too long. */
        TASK_STUCK,
        /** A resource was created. */
        RESOURCE_CREATED,
        /** A resource was destroyed. */
        RESOURCE_DESTROYED,
        /** A resource could not be created. */
        CREATION_FAILED
    }
}

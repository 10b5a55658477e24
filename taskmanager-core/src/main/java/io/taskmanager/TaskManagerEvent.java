package io.taskmanager;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a manager.
 *
 * @param managerName in which
 * @param at when, on the wall clock
 * @param type what
 * @param cause why a resource was destroyed; null for all other types
 * @param detail the numbers, for a person to read; never what a task carries
 */
public record TaskManagerEvent(
        String managerName, Instant at, Type type, @Nullable Cause cause, String detail) {

    /** Why a resource was destroyed. */
    public enum Cause {
        /** A task's error left it unhealthy, it did not pass validation, or its task was stuck. */
        BROKEN,
        /** It had reached its age or its number of uses, or was recycled. */
        OLD,
        /**
         * Its worker was one too many, it was a temporary one of {@code runTask}, or its creation took so long that it had
         * failed.
         */
        SURPLUS,
        /** The manager was stopped or killed. */
        SHUTDOWN
    }

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
        /** {@link TaskManagerControl#probe()}. */
        PROBED,
        /** A task will run again. */
        TASK_RETRIED,
        /** A task ignored its interrupt for too long. */
        TASK_STUCK,
        /** A creation, validation or destruction ignored its interrupt for too long, and was abandoned. */
        RESOURCE_STUCK,
        /** A resource was created. */
        RESOURCE_CREATED,
        /** A resource was destroyed. */
        RESOURCE_DESTROYED,
        /** A resource could not be created, or took too long, or several new ones in a row broke in their first task. */
        CREATION_FAILED
    }
}

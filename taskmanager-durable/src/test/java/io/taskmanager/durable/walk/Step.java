package io.taskmanager.durable.walk;

import io.taskmanager.durable.TaskType;
import org.jspecify.annotations.Nullable;

/**
 * What a handler is told to do.
 *
 * @param gate waits on delivery {@code n} until {@code gate-n} is open; null for no gate
 * @param millis sleeps so long
 * @param failures throws on so many deliveries
 */
record Step(@Nullable String gate, long millis, int failures) {

    static final int FOR_EVER = Integer.MAX_VALUE;

    /** The manager "work" runs it. */
    static final TaskType<Step, Done> STEP = TaskType.of("step", Step.class, Done.class);

    /** The manager "other" runs it, and only on nodes with {@code walk.other}. */
    static final TaskType<Step, Done> OTHER = TaskType.of("other", Step.class, Done.class);

    /**
     * Who has done it.
     *
     * @param node a process
     */
    record Done(long node, int delivery) {}

    static Step quick() {
        return new Step(null, 0, 0);
    }

    static Step at(String gate) {
        return new Step(gate, 0, 0);
    }
}

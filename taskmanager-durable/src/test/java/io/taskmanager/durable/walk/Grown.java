package io.taskmanager.durable.walk;

import io.taskmanager.durable.TaskType;
import org.jspecify.annotations.Nullable;

/** One type before and after its payload has grown a field. */
final class Grown {

    static final TaskType<Before, String> BEFORE = TaskType.of("grown", Before.class, String.class);
    static final TaskType<After, String> AFTER = TaskType.of("grown", After.class, String.class);

    private Grown() {}

    record Before(String text) {}

    record After(String text, @Nullable String added) {}
}

package io.taskmanager.engine.queue;

import io.taskmanager.TaskLane;
import io.taskmanager.TaskOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for a task: the same object for all tasks of which the same was asked.
 *
 * @param queue where it is answered for
 * @param lane where it was submitted
 * @param name null for none
 * @param maxRetries how often it is retried at most
 */
public record TaskTerms(
        TaskQueue queue,
        TaskLane lane,
        @Nullable String name,
        Map<String, String> tags,
        int maxRetries,
        TimeLimits limits) {

    /** @param maxRetries how often it is retried where the options don't say */
    public TaskTerms(TaskQueue queue, TaskLane lane, TaskOptions options, int maxRetries, TimeLimits limits) {
        this(
                queue,
                lane,
                options.name().orElse(null),
                options.tags(),
                options.once() ? 0 : options.maxRetries().orElse(maxRetries),
                limits);
    }
}

package io.taskmanager;

import java.util.Map;

/**
 * The end of a task.
 *
 * @param managerName its manager
 * @param taskName the name given in {@link TaskOptions}, or one made from the order of submission
 * @param lane where it was submitted
 * @param outcome how it ended
 * @param attempts how often it was started; 0 if it was cancelled before its first attempt
 * @param tags what its {@link TaskOptions} say of it
 * @param task what was run: the decorated task, where there is a {@link TaskDecorator}, which so knows its own again
 * @param stamps when; of the last attempt. Where {@code attempts} is 0, start and finish are the time of its end
 */
public record TaskFinished(
        String managerName,
        String taskName,
        TaskLane lane,
        TaskOutcome outcome,
        int attempts,
        Map<String, String> tags,
        Task<?, ?> task,
        TaskLifecycleTimestamps stamps) {}

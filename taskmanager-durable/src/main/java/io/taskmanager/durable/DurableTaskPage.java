package io.taskmanager.durable;

import java.util.List;
import java.util.Optional;

/**
 * Some tasks, newest first.
 *
 * @param tasks can't be changed; may be empty
 * @param next what to ask {@link DurableTaskQuery#before} for those that follow; empty if there are none
 */
public record DurableTaskPage(List<DurableTask> tasks, Optional<TaskId> next) {

    public DurableTaskPage {
        tasks = List.copyOf(tasks);
    }
}

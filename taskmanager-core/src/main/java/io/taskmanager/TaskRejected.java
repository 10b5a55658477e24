package io.taskmanager;

/**
 * A task was not accepted.
 *
 * @param managerName by which manager
 * @param lane where it was submitted
 * @param reason why; {@link TaskRejectedException.Reason#NO_RESOURCE} also where creating one for it failed
 */
public record TaskRejected(String managerName, TaskLane lane, TaskRejectedException.Reason reason) {}

package io.taskmanager;

/**
 * What became of the tasks that were queued or running when a shutdown began. Each is in one of the counts.
 *
 * @param completed tasks that returned
 * @param failed tasks that threw
 * @param cancelled tasks that had started and were cancelled, by the kill or by their caller
 * @param neverStarted queued tasks that were cancelled before their first attempt
 * @param abandoned tasks that ignored their interrupt and still ran when the shutdown had ended
 */
public record ShutdownReport(long completed, long failed, long cancelled, long neverStarted, long abandoned) {}

package io.taskmanager;

import java.time.Duration;

/**
 * How many times there were since the start, and what they add up to: two looks at these tell the mean of what came between.
 *
 * @param count how many
 * @param total their sum
 */
public record TaskTimes(long count, Duration total) {}

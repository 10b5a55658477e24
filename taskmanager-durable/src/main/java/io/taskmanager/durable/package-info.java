/**
 * Tasks that are rows of a database. A {@link io.taskmanager.durable.TaskHandler} bean says what a
 * {@link io.taskmanager.durable.TaskType} does, and on which manager; a {@link io.taskmanager.durable.DurableTaskClient} queues
 * tasks of it in the caller's own transaction. Any node on that database may run them, and what a node has begun when it dies is
 * delivered again, or told to be lost.
 */
@NullMarked
package io.taskmanager.durable;

import org.jspecify.annotations.NullMarked;

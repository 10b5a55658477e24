/**
 * What runs durable tasks: db-scheduler picks them, beats for them and finds those whose node has died; {@link
 * io.taskmanager.durable.engine.TaskStore} has the statements that are ours. None of it is for users.
 */
@NullMarked
package io.taskmanager.durable.engine;

import org.jspecify.annotations.NullMarked;

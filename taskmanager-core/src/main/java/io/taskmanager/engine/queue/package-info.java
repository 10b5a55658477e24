/** The lanes, and the task that is at once a lane's node and its caller's future. */
@NullMarked
package io.taskmanager.engine.queue;

import org.jspecify.annotations.NullMarked;

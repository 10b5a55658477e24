/** One attempt of a task. */
@NullMarked
package io.taskmanager.engine.execution;

import org.jspecify.annotations.NullMarked;

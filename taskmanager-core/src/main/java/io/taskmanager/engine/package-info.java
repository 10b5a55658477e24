/** The engine. Its only entry point is {@link io.taskmanager.engine.TaskManagers}. */
@NullMarked
package io.taskmanager.engine;

import org.jspecify.annotations.NullMarked;

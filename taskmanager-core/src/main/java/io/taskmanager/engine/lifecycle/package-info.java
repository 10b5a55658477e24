/** The state machine of a manager. */
@NullMarked
package io.taskmanager.engine.lifecycle;

import org.jspecify.annotations.NullMarked;

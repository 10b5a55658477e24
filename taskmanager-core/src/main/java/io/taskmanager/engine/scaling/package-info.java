/** How many workers there should be. */
@NullMarked
package io.taskmanager.engine.scaling;

import org.jspecify.annotations.NullMarked;

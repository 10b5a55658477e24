/** The workers, and every count of them. */
@NullMarked
package io.taskmanager.engine.worker;

import org.jspecify.annotations.NullMarked;

/** The clock, the timer, threads, loggers and the guard around user code. */
@NullMarked
package io.taskmanager.engine.support;

import org.jspecify.annotations.NullMarked;

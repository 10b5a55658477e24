/** The default collector, in fixed memory. */
@NullMarked
package io.taskmanager.engine.metrics;

import org.jspecify.annotations.NullMarked;

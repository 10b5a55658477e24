/** The meters of durable tasks. */
@NullMarked
package io.taskmanager.durable.micrometer;

import org.jspecify.annotations.NullMarked;

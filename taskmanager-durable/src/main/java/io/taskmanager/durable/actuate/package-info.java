/** The actuator endpoint {@code durabletasks}, and the health of durable tasks. */
@NullMarked
package io.taskmanager.durable.actuate;

import org.jspecify.annotations.NullMarked;

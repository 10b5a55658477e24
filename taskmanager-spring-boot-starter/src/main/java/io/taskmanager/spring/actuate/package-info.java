/** The actuator endpoint {@code taskmanager}. */
@NullMarked
package io.taskmanager.spring.actuate;

import org.jspecify.annotations.NullMarked;

/** The meters of the managers. */
@NullMarked
package io.taskmanager.spring.micrometer;

import org.jspecify.annotations.NullMarked;

/** Sets durable tasks up in a Spring Boot application. Its properties are under {@code taskmanager.durable}. */
@NullMarked
package io.taskmanager.durable.autoconfigure;

import org.jspecify.annotations.NullMarked;

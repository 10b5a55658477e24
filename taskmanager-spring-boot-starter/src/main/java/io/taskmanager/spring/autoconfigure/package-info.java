/** Makes a bean of each manager under {@code taskmanager.managers}, and stops them with the application. */
@NullMarked
package io.taskmanager.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;

/**
 * What an application sees of the starter: the registry of its managers, customizers, and the SLF4J bridge.
 *
 * <p>Besides customizers, two kinds of beans reach the managers' configs. A {@link io.taskmanager.HealthCheck} is used by
 * the manager that it is named after ({@code imagesHealthCheck} by {@code images}), or, if it is named after none and the
 * only such one, by each manager without its own. Every {@link io.taskmanager.TaskManagerListener} is told of the tasks
 * of all managers, in addition to a listener that a customizer set.
 */
@NullMarked
package io.taskmanager.spring;

import org.jspecify.annotations.NullMarked;

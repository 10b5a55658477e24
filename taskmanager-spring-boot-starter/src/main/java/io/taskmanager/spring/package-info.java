/**
 * What an application sees of the starter: the registry of its managers, customizers, and the SLF4J bridge.
 *
 * <p>Besides customizers, these beans reach the managers' configs. A {@link io.taskmanager.HealthCheck}, a
 * {@link io.taskmanager.ResourceHealthCheck}, a {@link io.taskmanager.RetryPolicy}, a {@link io.taskmanager.MetricsCollector}
 * or a {@link io.taskmanager.ScalingPolicy} is used by the manager that it is named after ({@code imagesHealthCheck} by
 * {@code images}); one that is named after none, by each manager without its own. Of several such ones, one must be
 * {@code @Primary}. A {@code ResourceHealthCheck<Session>} is for managers of that resource, or of a subtype, alone; it is
 * asked in place of a {@code HealthCheck}, unless only that one is named after the manager. {@link io.taskmanager.TaskDecorator}s and
 * {@link io.taskmanager.TaskManagerListener}s that are named after a manager are for that alone, all others for every
 * manager, in their {@code @Order}, and in addition to what a customizer set.
 *
 * <p>The bean of a manager of the configuration outlasts a stop of its application context: when that is started again, another
 * manager of the same config is behind it. References to the bean stay valid; what it has handed out, such as its
 * {@code control()}, is to be asked for again.
 *
 * <p>Each {@link io.taskmanager.TaskManagerEvent} of a manager is published as an application event, for an
 * {@code @EventListener} of that type. It is called by the thread that made the event happen, a worker's say, so it must
 * be quick, or {@code @Async}; the events of the start, by the thread that starts the context, once that has all its beans.
 */
@NullMarked
package io.taskmanager.spring;

import org.jspecify.annotations.NullMarked;

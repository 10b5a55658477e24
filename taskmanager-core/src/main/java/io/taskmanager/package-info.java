/**
 * The API: a pool of workers, each owning one expensive resource, behind a queue with a main and a priority lane.
 *
 * <p>Start from {@link io.taskmanager.TaskManagerConfig#builder(ResourceFactory)} and
 * {@code io.taskmanager.engine.TaskManagers.create(config)}. Unless a method says otherwise, no parameter may be null
 * ({@link java.lang.NullPointerException}) and every type here may be used by any thread.
 */
@NullMarked
package io.taskmanager;

import org.jspecify.annotations.NullMarked;

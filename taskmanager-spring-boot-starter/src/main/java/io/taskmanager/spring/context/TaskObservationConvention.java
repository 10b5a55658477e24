package io.taskmanager.spring.context;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * The name and the key values of the observations of tasks. A bean of this type is used in place of the
 * {@link DefaultTaskObservationConvention}, for all managers; without one, a convention of the observation registry that
 * supports a {@link TaskObservationContext} is.
 *
 * <p>Asked twice for each task, by the threads that start and end it: when its observation starts, and when it stops, where the
 * values replace those of the start. The low-cardinality keys should be the same each time, and {@link #getName()} must not be
 * null.
 */
public interface TaskObservationConvention extends ObservationConvention<TaskObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof TaskObservationContext;
    }
}

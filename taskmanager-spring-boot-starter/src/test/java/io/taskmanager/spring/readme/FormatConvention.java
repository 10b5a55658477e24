package io.taskmanager.spring.readme;

import io.micrometer.common.KeyValues;
import io.taskmanager.spring.context.DefaultTaskObservationConvention;
import io.taskmanager.spring.context.TaskObservationContext;
import org.springframework.stereotype.Component;

/** Says of each task which format it is for. */
@Component
public class FormatConvention extends DefaultTaskObservationConvention {

    @Override
    public KeyValues getLowCardinalityKeyValues(TaskObservationContext context) {
        return super.getLowCardinalityKeyValues(context)
                .and("format", context.getTags().getOrDefault("format", "none"));
    }
}

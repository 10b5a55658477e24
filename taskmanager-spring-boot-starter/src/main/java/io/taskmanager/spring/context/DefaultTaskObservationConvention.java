package io.taskmanager.spring.context;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names the observation of a task {@code taskmanager.task}, and a trace's span after the manager: {@code images task}. The
 * low-cardinality keys are {@code name} (the manager's), {@code lane} and {@code outcome}, which are {@code none} for as long as
 * they are not known; those of high cardinality {@code task} (its name) and {@code attempts}.
 */
public class DefaultTaskObservationConvention implements TaskObservationConvention {

    @Override
    public String getName() {
        return "taskmanager.task";
    }

    @Override
    public String getContextualName(TaskObservationContext context) {
        return context.getManagerName() + " task";
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(TaskObservationContext context) {
        return KeyValues.of(
                "name",
                context.getManagerName(),
                "lane",
                valueOf(context.getLane()),
                "outcome",
                valueOf(context.getOutcome()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(TaskObservationContext context) {
        return KeyValues.of("task", context.getTaskName(), "attempts", String.valueOf(context.getAttempts()));
    }

    private static String valueOf(@Nullable Enum<?> value) {
        return value == null ? KeyValue.NONE_VALUE : value.name().toLowerCase(Locale.ROOT);
    }
}

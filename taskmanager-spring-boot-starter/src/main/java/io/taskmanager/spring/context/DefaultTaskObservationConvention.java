package io.taskmanager.spring.context;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.taskmanager.TaskOutcome;
import java.util.Locale;

/**
 * Names the observation of a task {@code taskmanager.task}, and a trace's span after the manager: {@code images task}. The
 * low-cardinality keys are {@code name} (the manager's), {@code lane} and {@code outcome}, which is {@code none} until the
 * end; those of high cardinality {@code task} (its name) and {@code attempts}.
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
        TaskOutcome outcome = context.getOutcome();
        return KeyValues.of(
                "name",
                context.getManagerName(),
                "lane",
                lowerCase(context.getLane()),
                "outcome",
                outcome == null ? KeyValue.NONE_VALUE : lowerCase(outcome));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(TaskObservationContext context) {
        return KeyValues.of("task", context.getTaskName(), "attempts", String.valueOf(context.getAttempts()));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

package io.taskmanager.spring.autoconfigure;

import io.taskmanager.spring.autoconfigure.TaskManagerProperties.BackoffSettings;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Manager;
import io.taskmanager.spring.autoconfigure.TaskManagerProperties.Settings;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells of properties of the managers that don't exist, and of empty ones, what to write in their place. */
@Order(Ordered.HIGHEST_PRECEDENCE) // Before Boot's own for this exception, which knows less.
final class TaskManagerBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("taskmanager");
    private static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");
    private static final ConfigurationPropertyName MANAGERS = ROOT.append("managers");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        if (!ROOT.equals(cause.getName()) && !ROOT.isAncestorOf(cause.getName())) {
            return null;
        }
        if (cause.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
            return unknown(List.copyOf(unbound.getUnboundProperties()), cause);
        }
        ConfigurationProperty property = cause.getProperty();
        // Boot tells well of a value of another type.
        return property != null
                        && cause.getCause() instanceof IllegalArgumentException refusal
                        && SettingsBinding.EMPTY.equals(refusal.getMessage())
                ? empty(property, cause)
                : null;
    }

    private static FailureAnalysis empty(ConfigurationProperty property, BindException cause) {
        String description = "A setting of the task managers is empty:" + shown(property);
        String action = "Give " + property.getName() + " a value, or leave it out. A placeholder can have a default: "
                + "${TIMEOUT:30s}.";
        return new FailureAnalysis(description, action, cause);
    }

    private static FailureAnalysis unknown(List<ConfigurationProperty> properties, BindException cause) {
        StringBuilder description = new StringBuilder("There is no such setting of the task managers:");
        StringBuilder action = new StringBuilder();
        for (ConfigurationProperty property : properties) {
            description.append(shown(property));
            action.append(action.isEmpty() ? "" : "\n")
                    .append("Correct or remove ")
                    .append(property.getName())
                    .append('.')
                    .append(hint(property.getName()));
        }
        return new FailureAnalysis(description.toString(), action.toString(), cause);
    }

    private static String shown(ConfigurationProperty property) {
        return "\n\n    Property: " + property.getName() + "\n    Value: " + PropertyValues.shown(property);
    }

    /** Of the first element that is not known, since what is below that is unknown as well. */
    private static String hint(ConfigurationPropertyName name) {
        if (DEFAULTS.isAncestorOf(name)) {
            return hint(name, 2, Settings.class);
        }
        if (MANAGERS.isAncestorOf(name)) {
            return hint(name, 3, Manager.class);
        }
        return hint(name, 1, TaskManagerProperties.class);
    }

    private static String hint(ConfigurationPropertyName name, int depth, Class<?> type) {
        if (name.getNumberOfElements() <= depth) {
            return "";
        }
        List<String> known = settings(type);
        String element = name.getElement(depth, Form.DASHED);
        return known.contains(element) ? hint(name, depth + 1, BackoffSettings.class) : Spelling.hint(element, known);
    }

    private static List<String> settings(Class<?> type) {
        return Arrays.stream(BeanUtils.getPropertyDescriptors(type))
                .map(descriptor -> DataObjectPropertyName.toDashedForm(descriptor.getName()))
                .filter(setting -> !setting.equals("class"))
                .toList();
    }
}

package io.taskmanager.spring.autoconfigure;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;

/**
 * Turns what the config's builder says of a bad setting, such as {@code maxRetries must not be negative, but was -1},
 * into the same of the property that it came from.
 */
final class BadSettings {

    private static final Pattern CAMEL_CASE = Pattern.compile("\\b[a-z]+(?:[A-Z][a-z]+)+\\b");

    private final PropertyValues values;

    BadSettings(PropertyValues values) {
        this.values = values;
    }

    /**
     * The failure to report.
     *
     * @param group the property that the setting is nested in, with a dot at its end; or empty
     * @param refusal whose message starts with the setting
     */
    TaskManagerConfigurationException failure(ManagerName manager, String group, IllegalArgumentException refusal) {
        String reason = CAMEL_CASE
                .matcher(Objects.requireNonNull(refusal.getMessage()))
                .replaceAll(word -> DataObjectPropertyName.toDashedForm(word.group()));
        String setting = group + reason.substring(0, reason.indexOf(' '));
        String own = manager.property(setting);
        String shared = "taskmanager.defaults." + setting;
        Optional<ConfigurationProperty> ownValue = values.find(own);
        return ownValue.or(() -> values.find(shared))
                .map(value -> failure(
                        manager,
                        ownValue.isPresent() ? own : shared,
                        PropertyValues.shown(value),
                        reason,
                        "Change the value of " + (ownValue.isPresent() ? own : shared) + ".",
                        refusal))
                .orElseGet(() -> failure(
                        manager,
                        own,
                        "not set as a property",
                        reason,
                        "Set " + own + ", or " + shared + " for all managers. If a TaskManagerConfigCustomizer set the"
                                + " value, change it there.",
                        refusal));
    }

    private static TaskManagerConfigurationException failure(
            ManagerName manager, String property, String value, String reason, String action, Throwable refusal) {
        return new TaskManagerConfigurationException(
                """
                The task manager '%s' can't be created as it is configured:

                    Property: %s
                    Value: %s
                    Reason: %s""".formatted(manager.value(), property, value, reason), action, refusal);
    }
}

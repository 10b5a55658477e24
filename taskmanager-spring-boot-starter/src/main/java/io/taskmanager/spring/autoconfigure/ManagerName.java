package io.taskmanager.spring.autoconfigure;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The key of a manager under {@code taskmanager.managers}, and the bean names that come of it. Dashes are allowed, as in
 * {@code photo-images}; bean names have camel case in their place: {@code photoImagesTaskManager}.
 */
record ManagerName(String value) {

    private static final Pattern SENSIBLE = Pattern.compile("[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*");
    private static final Pattern DASH = Pattern.compile("-(.)");
    /** Beans that Spring looks up by these names, or by these with the suffix of an executor. */
    private static final Set<String> RESERVED = Set.of(
            "application",
            "applicationEventMulticaster",
            "applicationStartup",
            "bootstrapExecutor",
            "conversionService",
            "environment",
            "lifecycleProcessor",
            "loadTimeWeaver",
            "messageSource",
            "systemEnvironment",
            "systemProperties",
            "taskExecutor",
            "taskScheduler");

    private static final String SUFFIX = "TaskManager";

    /** Checks the names one by one and against each other. */
    static List<ManagerName> of(Collection<String> names) {
        List<ManagerName> managers = names.stream().map(ManagerName::checked).toList();
        Map<String, ManagerName> seen = new HashMap<>();
        for (ManagerName manager : managers) {
            // Spring's binding takes these for the same key, so both would have the settings of both.
            String key = manager.value.replace("-", "").toLowerCase(Locale.ROOT);
            ManagerName other = seen.putIfAbsent(key, manager);
            if (other != null) {
                throw clash(other, manager);
            }
        }
        return managers;
    }

    private static ManagerName checked(String name) {
        if (!SENSIBLE.matcher(name).matches()) {
            throw new TaskManagerConfigurationException(
                    "'" + name + "' under taskmanager.managers can't be the name of a manager, because bean names are"
                            + " made of it.",
                    "Rename it: a letter, then letters, digits and single dashes, such as 'photo-images'.");
        }
        ManagerName manager = new ManagerName(name);
        if (RESERVED.contains(manager.camelCase())) {
            throw new TaskManagerConfigurationException(
                    "'" + name
                            + "' under taskmanager.managers can't be the name of a manager, because Spring has beans of"
                            + " its own of the names that are made of it, such as '" + manager.camelCase() + "' and '"
                            + manager.executorName() + "'.",
                    "Rename it, for example after its resources: taskmanager.managers.sessions.");
        }
        return manager;
    }

    private static TaskManagerConfigurationException clash(ManagerName one, ManagerName other) {
        return new TaskManagerConfigurationException(
                "The managers '" + one.value + "' and '" + other.value + "' under taskmanager.managers have names that"
                        + " differ in case or dashes alone, which Spring's property binding takes for one.",
                "Rename one of them. If one is meant to override a property of the other from an environment variable,"
                        + " give the manager a name of lower-case letters and digits.");
    }

    /** The name of a manager that is not of the configuration, but a bean of that name. */
    static String ofBean(String beanName) {
        String name = beanName.substring(0, beanName.length() - (beanName.endsWith(SUFFIX) ? SUFFIX.length() : 0));
        return name.isEmpty() ? beanName : name;
    }

    /** The bean name of the manager. */
    String beanName() {
        return camelCase() + SUFFIX;
    }

    /** The names that a bean of the application's own may have to be the manager, best first. */
    Stream<String> beanNames() {
        return Stream.concat(Stream.of(beanName()), aliases().stream());
    }

    /** The bean name of the manager as an executor. */
    String executorName() {
        return camelCase() + "TaskExecutor";
    }

    /** Other names of the bean, where they are free. */
    List<String> aliases() {
        return Stream.of(value, camelCase()).distinct().toList();
    }

    /** The names by which a factory is recognised as this manager's, best first. */
    List<String> resourceFactoryNames() {
        return Stream.of(value, camelCase(), camelCase() + "ResourceFactory")
                .distinct()
                .toList();
    }

    /** The name by which a bean of this type is recognised as this manager's own, such as {@code imagesHealthCheck}. */
    String beanName(Class<?> type) {
        return camelCase() + type.getSimpleName();
    }

    /** The property of one of the manager's settings, which is in kebab case. */
    String property(String setting) {
        return "taskmanager.managers." + value + "." + setting;
    }

    private String camelCase() {
        return DASH.matcher(value).replaceAll(part -> part.group(1).toUpperCase(Locale.ROOT));
    }
}

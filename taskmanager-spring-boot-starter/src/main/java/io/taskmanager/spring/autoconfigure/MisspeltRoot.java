package io.taskmanager.spring.autoconfigure;

import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** Refuses properties whose root is nearly ours, such as {@code taskmanger.managers}: nobody else would tell of them. */
final class MisspeltRoot {

    private static final String ROOT = "taskmanager";
    private static final Set<String> BELOW = Set.of("managers", "defaults");

    private MisspeltRoot() {}

    static void check(PropertyValues values) {
        values.names().filter(MisspeltRoot::isMeantForUs).findFirst().ifPresent(name -> {
            throw new TaskManagerConfigurationException(
                    """
                    A property looks as if it were meant for the task managers, and is not:

                        Property: %s
                        Value: %s""".formatted(
                                    name,
                                    values.find(name.toString())
                                            .map(PropertyValues::shown)
                                            .orElse("unknown")),
                    "Write '" + ROOT + "." + below(name) + "'.");
        });
    }

    private static boolean isMeantForUs(ConfigurationPropertyName name) {
        int depth = depth(name);
        if (name.getNumberOfElements() < depth + 2 || !BELOW.contains(name.getElement(depth, Form.UNIFORM))) {
            return false;
        }
        String root = name.getElement(depth - 1, Form.UNIFORM);
        return depth == 2 ? root.equals(ROOT) : !root.equals(ROOT) && Spelling.distance(root, ROOT) <= 2;
    }

    /** How many elements the root has: {@code spring.taskmanager} is taken for one. */
    private static int depth(ConfigurationPropertyName name) {
        return name.getNumberOfElements() > 1
                        && name.getElement(0, Form.UNIFORM).equals("spring")
                ? 2
                : 1;
    }

    private static ConfigurationPropertyName below(ConfigurationPropertyName name) {
        return name.subName(depth(name));
    }
}
